"""The simulator: a month in the life of an invented regional health system, with the truth about it.

Owns the invented network, the scripts of every flow type, the faults, the ground truth, and sending all of it over real
OTLP. Never reads the store, never asks the correlator: what it says is true is true by its own scripts. Read
`simulation.py` first, then `flows.py`.
"""

from stallwatch.simulator.faults import ALL_FAULTS, Fault
from stallwatch.simulator.network import load_network, network_file
from stallwatch.simulator.records import Event, HandoffTruth, JourneyTruth, Simulation, Span, Truth
from stallwatch.simulator.simulation import simulate

__all__ = [
    "ALL_FAULTS",
    "Event",
    "Fault",
    "HandoffTruth",
    "JourneyTruth",
    "Simulation",
    "Span",
    "Truth",
    "load_network",
    "network_file",
    "simulate",
]
