"""Collector: OTLP and CloudEvents in; check, batch, store, acknowledge.

Owns the wire: what is accepted, what is refused and with which words, and that an acknowledgement means stored.
Decoding, redacting and judging records is ClickHouse's work (core/migrations/0013_decoding.sql); no per-record work
happens here on the hot path. Never derives anything from the facts. Read `service.py` first, then `batching.py`.
"""
