"""The JSON API under /api/v1: wire models, and routes that only translate.

A list is one line in `lists.py`, which gives it a JSON and a CSV route. Read `wire.py` first.
"""
