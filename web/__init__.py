"""Web: the console and the JSON API: what people and programs see.

Owns pages, templates, styles, the wire format of the API, exports, health endpoints and security headers. Never decides
what is stalled, late or firing: it asks the rooms below through the ports in `services.py`. Read `app.py` first; a page
is one file in `pages/`, one line in `pages/__init__.py`, one template.
"""
