"""Events told again with other content: everything is derived anew only where the version that does not hold counted."""

from datetime import timedelta

import pytest
from support.correlation_oracle import memberships
from support.derived import snapshot, stored_memberships
from support.facts import MONDAY, Fact, fact, store
from support.rebuild_process import Interrupted

from core.clickhouse import Database
from core.clock import ManualClock, SystemClock
from core.sql import sql
from correlator import conflicts
from correlator.model import JourneyModel
from correlator.tick import BEGINNING, Correlator

pytestmark = pytest.mark.database
BILLS = JourneyModel.model_validate(
    {
        "model": "bills",
        "version": 1,
        "title": "Bills",
        "anchor": "purchase_order",
        "objects": {"purchase_order": {}, "invoice": {"attaches_via": ["purchase_order"]}},
        "handoffs": {
            "matching": {
                "title": "M",
                "on": "purchase_order",
                "start": ["invoice.received"],
                "stop": ["invoice.matched"],
            }
        },
    }
)
OTHER = BILLS.model_copy(update={"model": "another"})
HOUR = timedelta(hours=1)


def correlator(database: Database, clock: ManualClock, model: JourneyModel = BILLS) -> Correlator:
    return Correlator(database, model, clock, overlap=timedelta(0))


def billed(order: str, version: int, *, hours: int = 0, received: int = 0) -> Fact:
    """Return a version of one event, that it happened and was received so many hours later."""
    received_at = SystemClock().now() + (received - 24) * HOUR
    refs = ("invoice:1", f"purchase_order:{order}")
    return fact("e", "invoice.received", MONDAY + hours * HOUR, *refs, version=version, received_at=received_at)


def runs(database: Database, model: JourneyModel = BILLS) -> list[str]:
    rows = database.rows(
        "SELECT kind FROM correlator_runs WHERE model = {model:String} AND kind != 'idle' ORDER BY revision",
        model=model.model,
    )
    return [row["kind"] for row in rows]


def die() -> None:
    raise InterruptedError


def dying(database: Database, text: str) -> Interrupted:
    opened = Interrupted.open(database.dsn, database=database.name)
    assert isinstance(opened, Interrupted)
    return opened.interrupt(text, die)


def equals_a_rebuild(database: Database, clock: ManualClock, holding: Fact) -> bool:
    incremental = snapshot(database)
    correlator(database, clock).rebuild()
    return snapshot(database) == incremental and stored_memberships(database) == memberships(BILLS, [holding])


def test_retries_that_state_a_fresh_value_are_followed_without_a_rebuild_and_leave_nothing(
    database: Database, clock: ManualClock
) -> None:
    live = correlator(database, clock)
    live.rebuild()
    store(database, [billed("A", 1), billed("B", 2, hours=1, received=1)])  # the retry comes with the event…
    live.tick()
    for number in (3, 4):  # … and again and again, naming orders that nobody else names
        store(database, [billed(f"R{number}", number, hours=number, received=number)])
        live.tick()

    assert runs(database) == ["rebuild", "tick", "tick", "tick"]
    assert database.rows("SELECT uniqExact(record) AS versions FROM quarantine") == [{"versions": 3}]
    assert equals_a_rebuild(database, clock, billed("A", 1))


def test_a_version_that_was_derived_from_and_no_longer_holds_makes_a_rebuild(
    database: Database, clock: ManualClock
) -> None:
    live = correlator(database, clock)
    live.rebuild()
    for version, order in ((2, "B"), (1, "A")):  # the slower of two collectors had received it first
        store(database, [billed(order, version, received=version)])
        live.tick()

    assert runs(database) == ["rebuild", "tick", "rebuild"]
    assert equals_a_rebuild(database, clock, billed("A", 1))


def test_what_a_run_derived_that_died_counts_as_derived(database: Database, clock: ManualClock) -> None:
    correlator(database, clock).rebuild()
    store(database, [billed("B", 2, hours=1, received=1)])
    with pytest.raises(InterruptedError):
        correlator(dying(database, "INSERT INTO run_links"), clock).tick()
    store(database, [billed("A", 1)])
    correlator(database, clock).tick()

    assert runs(database) == ["rebuild", "rebuild"]
    assert equals_a_rebuild(database, clock, billed("A", 1))


def test_a_run_that_died_as_it_settled_a_retry_owes_no_rebuild(database: Database, clock: ManualClock) -> None:
    correlator(database, clock).rebuild()
    store(database, [billed("A", 1), billed("B", 2, hours=1, received=1)])
    for text in ("INSERT INTO quarantine", "INSERT INTO settled_versions", "INSERT INTO runs_begun"):
        with pytest.raises(InterruptedError):
            correlator(dying(database, text), clock).tick()
    correlator(database, clock).tick()

    assert runs(database) == ["rebuild", "tick"]
    assert database.rows("SELECT record LIKE '%\"B\"%' AS is_b FROM quarantine") == [{"is_b": 1}]
    assert equals_a_rebuild(database, clock, billed("A", 1))


def test_a_model_that_derived_from_a_version_rebuilds_and_one_that_did_not_goes_on(
    database: Database, clock: ManualClock
) -> None:
    quick, slow = correlator(database, clock), correlator(database, clock, OTHER)
    quick.rebuild(), slow.rebuild()
    store(database, [billed("B", 2, hours=1, received=1)])
    quick.tick()
    store(database, [billed("A", 1)])
    for _ in range(2):
        quick.tick(), slow.tick()

    assert runs(database)[:3] == ["rebuild", "tick", "rebuild"]
    assert runs(database, OTHER)[:2] == ["rebuild", "tick"]
    assert "rebuild" not in runs(database, OTHER)[1:]
    assert database.rows("SELECT model, parent_id FROM current_links ORDER BY model") == [
        {"model": model, "parent_id": "A"} for model in ("another", "bills")
    ]


def test_of_identities_a_version_that_any_model_heard_makes_every_model_rebuild(
    database: Database, clock: ManualClock
) -> None:
    quick, slow = correlator(database, clock), correlator(database, clock, OTHER)
    quick.rebuild(), slow.rebuild()
    now = SystemClock().now()
    wrong, right = (
        fact("s", "object.same_as", MONDAY, "invoice:1", f"invoice:{n}", version=n, received_at=now + n * HOUR)
        for n in (3, 2)
    )
    store(database, [fact(f"i{n}", "invoice.received", MONDAY, f"invoice:{n}") for n in (1, 2, 3)])
    store(database, [wrong])
    quick.tick()
    store(database, [right])
    clock.advance(HOUR)
    slow.tick(), quick.tick()

    assert runs(database, OTHER)[-1] == runs(database)[-1] == "rebuild"
    rows = database.rows("SELECT DISTINCT model, root_id FROM journeys FINAL ORDER BY ALL")
    assert rows == [{"model": model, "root_id": n} for model in ("another", "bills") for n in "13"]


def test_a_rebuild_that_dies_leaves_every_statement_of_identity(database: Database, clock: ManualClock) -> None:
    now = SystemClock().now()
    told = [fact(f"i{n}", "invoice.received", MONDAY, f"invoice:{n}") for n in (1, 2, 3)]
    told += [
        fact("s", "object.same_as", MONDAY, "invoice:1", "invoice:2", version=1, received_at=now - HOUR),
        fact("s", "object.same_as", MONDAY + HOUR, "invoice:2", "invoice:1", version=2, received_at=now),
    ]
    store(database, told)
    correlator(database, clock).tick()
    with pytest.raises(InterruptedError):
        correlator(dying(database, "INSERT INTO identity_statements"), clock).rebuild()
    store(database, [fact("t", "object.same_as", MONDAY, "invoice:2", "invoice:3")])
    correlator(database, clock).tick()

    assert runs(database) == ["rebuild", "tick"]
    assert database.rows("SELECT root_id, objects FROM journeys FINAL") == [{"root_id": "1", "objects": 1}]
    incremental = snapshot(database)
    correlator(database, clock).rebuild()
    assert snapshot(database) == incremental


def withdrawal(version: int, invoice: str, received: int = 0) -> Fact:
    at = SystemClock().now() + (received - 24) * HOUR
    objects = ("purchase_order:A", f"invoice:{invoice}")
    return fact("w", "link.withdrawn", MONDAY + version * HOUR, *objects, version=version, received_at=at)


def test_what_only_a_retry_of_a_withdrawal_named_stays_gone_when_its_other_end_is_followed(
    database: Database, clock: ManualClock
) -> None:
    live = correlator(database, clock)
    live.rebuild()
    told = [billed("A", 1), withdrawal(1, "1")]
    for facts in (told, [withdrawal(2, "9", received=1)], [fact("m", "invoice.matched", MONDAY, "purchase_order:A")]):
        store(database, facts)
        live.tick()

    assert runs(database) == ["rebuild", "tick", "tick", "tick"]
    assert {root for root, _ in stored_memberships(database)} == {("purchase_order", "A"), ("invoice", "1")}
    incremental = snapshot(database)
    live.rebuild()
    assert snapshot(database) == incremental


def test_a_retry_about_links_that_one_model_settled_is_settled_for_all(database: Database, clock: ManualClock) -> None:
    both = [correlator(database, clock), correlator(database, clock, OTHER)]
    store(database, [billed("A", 1), withdrawal(1, "1")])
    for one in both:
        one.rebuild()
    for version in (2, 3):
        store(database, [withdrawal(version, "9", received=version)])
        for one in both:
            one.tick()

    assert runs(database) == runs(database, OTHER) == ["rebuild", "tick", "tick"]
    assert database.rows("SELECT uniqExact(record) AS versions FROM quarantine") == [{"versions": 2}]


def test_a_look_at_all_facts_keeps_no_set_of_all_of_them(database: Database) -> None:
    few = {"max_rows_in_set": 10}
    store(database, [fact(f"e{number}", "invoice.received", MONDAY, "invoice:1") for number in range(50)])
    window = {"since": BEGINNING, "until": SystemClock().now() + HOUR}

    database.execute(sql("correlator", "insert_superseded"), few, **window, whole=True)
    found = database.rows(sql("correlator", "conflicts_to_follow"), few, model="bills", after=BEGINNING)
    touched = database.rows(sql("correlator", "count_superseded_in_window"), few, **window)

    assert (found, touched) == ([{"versions": 0, "derived": 0}], [{"touched": 0}])


def test_what_another_model_notices_while_a_rebuild_reads_is_followed_after_it(
    database: Database, clock: ManualClock
) -> None:
    store(database, [billed("B", 2, hours=1, received=1)])
    began = SystemClock().now()

    def notice() -> None:
        store(database, [billed("A", 1)], stored_at=began)  # received first, and visible only now
        conflicts.look(database, OTHER.model, began - HOUR, began, after=BEGINNING)

    interrupted = dying(database, "INSERT INTO {run_contexts").interrupt("INSERT INTO {run_contexts", notice)
    Correlator(interrupted, BILLS, clock).rebuild()
    Correlator(database, BILLS, clock).tick()

    assert runs(database) == ["rebuild", "rebuild"]
    assert equals_a_rebuild(database, clock, billed("A", 1))


def test_of_the_objects_that_a_retry_named_those_that_are_described_stay(
    database: Database, clock: ManualClock
) -> None:
    live = correlator(database, clock)
    live.rebuild()
    described = fact("d", "object.described", MONDAY, "invoice:8", "purchase_order:L")
    store(database, [billed("A", 1), described, fact("o", "object.described", MONDAY, "invoice:7")])
    live.tick()
    retries = [billed(order, number, received=number) for number, order in ((2, "L"), (3, "R"))]
    retries += [fact("e", "invoice.received", MONDAY, "invoice:8", version=4, received_at=retries[0].received_at)]
    store(database, retries)
    live.tick()

    assert runs(database) == ["rebuild", "tick", "tick"]
    incremental = snapshot(database)
    assert {("purchase_order", "L"), ("invoice", "8")} <= {part for _, part in stored_memberships(database)}
    assert ("purchase_order", "R") not in {root for root, _ in stored_memberships(database)}
    live.rebuild()
    assert snapshot(database) == incremental
