"""Correlator: from facts to journeys, handoffs and causes.

Owns journey models (YAML), links between objects, membership, journeys, handoff instances with their `due_at`, stalls
and their causes. Everything it writes can be rebuilt from the facts at any time, and an incremental tick gives the same
result. It never receives telemetry, and never decides whom to tell. Read `model.py`, then `tick.py`.
"""
