"""Stallwatch: the top room, where everything is put together and started.

Owns the command line (`cli.py`), the composition root (`bootstrap.py`, the only place that builds the object graph),
the scheduler, the servers, the simulator and the importers. Holds no domain rule of its own. Read `bootstrap.py` first.
"""
