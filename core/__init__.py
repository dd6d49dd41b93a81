"""Core: what every other room stands on.

Owns settings, the clock, the root error, structured logs, ClickHouse access, migrations and the registry of
facilities and integrations. Never knows what a journey, an objective or a page is. Read `clickhouse.py` first.
"""
