"""The models that ship, and what they make of facts."""

from support.facts import Fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.registry import Registry
from correlator.loading import load_models
from correlator.tick import Correlator
from slo.calendars import publish_calendars

MODELS = load_models(["procure-to-pay", "supplier-master"])


def derive(database: Database, clock: ManualClock, facts: list[Fact]) -> None:
    publish_calendars(database, Registry(), clock)  # of facilities that nobody knows, the calendar never closes
    store(database, facts)
    for model in MODELS:
        Correlator(database, model, clock).tick()
