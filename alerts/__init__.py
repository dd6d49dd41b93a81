"""Alerts: from findings to notifications that arrive.

Owns alert rules, the lifecycle of an alert (pending, firing, resolved), the outbox and its delivery. Never decides what
is stalled or why (that is the correlator's), and never tells anyone while deciding. Read `lifecycle.py` first, then
`service.py`.
"""
