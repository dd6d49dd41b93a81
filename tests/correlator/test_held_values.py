from datetime import timedelta

import pytest
from support.facts import MONDAY, fact, store
from support.handoff_rows import HandoffRow, store_handoffs

from core.clickhouse import Database
from correlator.held_values import HeldValues
from correlator.loading import load_models
from correlator.tick import Correlator

pytestmark = pytest.mark.database
ASKED = ("WHSE8", "WHSE9")


def held(database: Database, dimension: str, *asked: str) -> set[str]:
    return set(HeldValues(database).held(dimension, asked))


def test_a_store_that_is_empty_holds_nothing(database: Database) -> None:
    assert held(database, "facility", *ASKED) == set()
    assert held(database, "handoff", "invoice_to_match") == set()
    assert held(database, "cause", "silence") == set()


def test_what_an_event_says_is_held_as_soon_as_it_is_stored(database: Database) -> None:
    before = held(database, "facility", *ASKED)
    store(database, [fact("x", "invoice.noted", MONDAY, "invoice:I9", facility="WHSE9", criticality="urgent")])

    assert before == set()
    assert held(database, "facility", *ASKED) == {"WHSE9"}
    assert held(database, "criticality", "urgent", "dire") == {"urgent"}


def test_what_a_journey_has_is_held_after_its_facts_are_gone(database: Database, clock) -> None:
    store(database, [fact("x", "invoice.noted", MONDAY, "invoice:I9", facility="WHSE9")])
    (model,) = load_models(["procure-to-pay"])
    Correlator(database, model, clock).rebuild()
    database.execute("TRUNCATE TABLE events")

    assert held(database, "facility", *ASKED) == {"WHSE9"}


def test_a_handoff_of_a_model_that_is_configured_no_longer_is_held_and_one_that_is_gone_is_not(
    database: Database,
) -> None:
    store_handoffs(
        database,
        HandoffRow("1", model="retired", handoff="lease_to_bill", facility="WHSE9"),
        HandoffRow("2", handoff="old", facility="WHSE8", revision=1),
        HandoffRow("2", handoff="old", facility="WHSE8", revision=2, is_gone=1),
    )

    assert held(database, "handoff", "lease_to_bill", "old", "other") == {"lease_to_bill"}
    assert held(database, "facility", *ASKED) == {"WHSE9"}


def test_a_value_that_many_have_is_told_once(database: Database) -> None:
    facts = [
        fact(f"x{n}", "invoice.noted", MONDAY + timedelta(minutes=n), f"invoice:{n}", facility=ASKED[n % 2])
        for n in range(6)
    ]
    store(database, facts)

    assert held(database, "facility", *ASKED, "WHSE7") == set(ASKED)
