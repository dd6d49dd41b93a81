"""What holds of a replayed record by now: the policy, its sender, its filter, what was corrected."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.otlp import event, logs, span, traces
from support.replaying import only, publish, these

from collector.health import HealthStore
from collector.policy import Policy
from collector.quarantine import QuarantineFilter, QuarantineStore
from collector.redaction import Redaction
from collector.replay import Replayer
from collector.senders import Sender
from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import MisuseError, NotFoundError
from core.migrations import LET, migrations
from core.sql import sql

pytestmark = pytest.mark.database

EVENTS = """
SELECT event_id, integration, type, toString(amount) AS amount, received_at, subject_id, objects.id AS objects, attributes_string
FROM current_events LIMIT 1 BY integration, event_id, content_hash
"""


def bare(text: str) -> str:
    """SQL without comment marks, line breaks, and the names that differ on purpose."""
    return "".join(text.replace("--", "").split()).replace("words_of", "$Words")


def test_what_a_replay_takes_for_private_is_what_the_landing_views_do() -> None:
    (landing,) = (each for each in migrations() if each.name == "0013_decoding")
    lets = dict(LET.findall(landing.text))
    (words, denied) = (bare(lets[name]) for name in ("Words", "Denied"))
    replay = bare(sql("collector", "replay_events"))

    assert words in replay
    assert denied in replay


def test_a_record_in_the_name_of_another_needs_to_be_told_whose_it_is(
    collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database
) -> None:
    body = logs(event(), resource={"service.name": "erp-backend", "stallwatch.integration": "inventory"})
    collector.accept_logs(body, Sender("k1", "erp"))
    record = only(store)

    again = replayer.replay(these(record), "ann")
    told = replayer.replay(these(record), "ann", {"integration": "inventory"})

    assert [each.reason for each in again.outcomes] == ["wrong_integration"]
    assert (told.replayed, [row["integration"] for row in database.rows(EVENTS)]) == (1, ["inventory"])


def test_the_integration_of_a_key_stays_with_its_records(collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database) -> None:  # fmt: skip
    collector.accept_logs(logs(event(amount="much"), resource={"service.name": "backend-7"}), Sender("k1", "erp"))

    replayer.replay(these(only(store)), "ann", {"amount": ""})

    (fact,) = database.rows(EVENTS)
    assert (fact["integration"], fact["amount"]) == ("erp", None)


def test_what_the_policy_denies_by_now_is_redacted_and_what_was_redacted_stays_the_same_token(
    database: Database, store: QuarantineStore, clock: ManualClock
) -> None:
    collector = Collector(database, clock, policy=Policy(redaction_key="k"))
    collector.accept_logs(logs(event(amount="much", attributes={"patient.name": "Ann", "shoe.size": "42"})))
    collector.close()
    token = store.page(1).items[0].record.partition("[redacted:")[2].partition("]")[0]
    clock.advance(timedelta(seconds=1))
    policy = Policy(redaction=Redaction.model_validate({"keys": ["patient name", "shoe size"]}), redaction_key="k")
    policy.publish(database, clock)

    Replayer(database, clock, policy).replay(these(only(store)), "ann", {"amount": "1"})

    attributes = database.rows(EVENTS)[0]["attributes_string"]
    assert attributes["patient.name"] == f"[redacted:{token}]"
    assert attributes["shoe.size"].startswith("[redacted:")


def test_an_identity_that_was_dropped_is_asked_for(collector: Collector, store: QuarantineStore, replayer: Replayer) -> None:  # fmt: skip
    collector.accept_logs(logs(event(subject="patient:ann@example.org")))
    record = only(store)

    again = replayer.replay(these(record), "ann")
    told = replayer.replay(these(record), "ann", {"subject": "invoice:1"})

    assert [each.reason for each in again.outcomes] == ["private_identity"]
    assert told.replayed == 1


def test_what_an_older_version_kept_is_listed_and_not_replayed(database: Database, store: QuarantineStore, replayer: Replayer, clock: ManualClock) -> None:  # fmt: skip
    columns = ("quarantined_at", "integration", "signal", "reason", "detail", "record", "request_id")
    old = '{"type":"invoice.received","given_time":0,"attributes_string":{}}'
    database.insert("quarantine", columns, [(clock.now(), "erp", "logs", "no_timestamp", "", old, "r-1")])

    report = replayer.replay(these(only(store)), "ann", {"time": "2026-03-04T09:30:00Z"})

    assert not only(store).replayable
    assert [(each.outcome, each.reason) for each in report.outcomes] == [("skipped", "not_replayable")]


def test_a_filter_takes_the_oldest_first_and_says_how_many_are_left(
    collector: Collector, database: Database, clock: ManualClock, store: QuarantineStore
) -> None:
    publish(database, clock, max_attributes=3)
    for n in range(5):
        collector.accept_logs(logs(event(event_id=f"E-{n}", attributes={"a": "1", "b": "2"})))
        clock.advance(timedelta(minutes=1))
    policy = publish(database, clock)
    replayer = Replayer(database, clock, policy)
    chosen = QuarantineFilter(reason=("too_many_attributes",), integration=("erp",), signal=("logs",))

    assert {each.outcome for each in replayer.preview(chosen).outcomes} == {"would_replay"}
    assert replayer.preview(chosen).left == 5
    report = replayer.replay(chosen, "ann", limit=3)

    assert (report.replayed, report.left) == (3, 2)
    assert sorted(row["event_id"] for row in database.rows(EVENTS)) == ["E-0", "E-1", "E-2"]
    later = replace(chosen, received_from=store.page(1).items[0].quarantined_at)
    assert (replayer.replay(later, "ann").replayed, replayer.replay(chosen, "ann").replayed) == (1, 1)


def test_receipts_and_counts_of_requests_do_not_change_by_replays(collector: Collector, store: QuarantineStore, replayer: Replayer, clock: ManualClock) -> None:  # fmt: skip
    body = logs(event(amount="much"), event(), event(subject="x"), event(amount="more"))
    first = collector.accept_logs(body)
    replayer.replay(QuarantineFilter(reason=("bad_amount",)), "ann")
    clock.advance(timedelta(minutes=5))

    again = collector.accept_logs(body)

    assert (first.rejected, first.message) == (
        3, "3 of 4 records are in quarantine: 2 bad_amount ('more'), 1 bad_object_reference ('[\"x\"]')"
    )  # fmt: skip
    assert (again.rejected, again.message, store.page(10).total) == (first.rejected, first.message, 3)


def test_a_record_that_is_refused_again_has_failed_once_for_the_health_of_its_integration(
    collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database, clock: ManualClock
) -> None:
    collector.accept_logs(logs(event(amount="much")))
    replayer.replay(these(only(store)), "ann")

    health = HealthStore(database).figures(clock.now())["erp"]

    assert health.quarantined == {"bad_amount": 1}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"amount": "much"}, "a number"),
        ({"colour": "red"}, "cannot be corrected"),
        ({"time": "soon"}, "an instant"),
        ({"subject": "INV-1"}, "type:id"),
        ({"trace_id": "xyz"}, "hex"),
        ({"actor": "ann@example.org"}, "private value"),
        ({"reason": "card 4111 1111 1111 1111"}, "private value"),
        ({"supplier": "GB82 WEST 1234 5698 7654 32"}, "private value"),
        ({"type": ""}, "left out"),
        ({"specversion": "2"}, "1.0"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(collector: Collector, store: QuarantineStore, replayer: Replayer, given: dict[str, str], says: str) -> None:  # fmt: skip
    collector.accept_logs(logs(event(amount="much")))

    with pytest.raises(MisuseError, match=says):
        replayer.replay(these(only(store)), "ann", given)

    assert store.record(only(store).record_id).history == ()


def test_an_order_number_with_the_wrong_check_digit_is_no_card(collector: Collector, store: QuarantineStore, replayer: Replayer) -> None:  # fmt: skip
    collector.accept_logs(logs(event(amount="much")))

    report = replayer.replay(these(only(store)), "ann", {"amount": "1", "objects": "purchase_order:4111111111111112"})

    assert report.replayed == 1


def test_a_replay_needs_to_be_told_of_what(replayer: Replayer, store: QuarantineStore, clock: ManualClock) -> None:
    with pytest.raises(MisuseError, match="which records"):
        replayer.replay(QuarantineFilter(), "ann")
    with pytest.raises(MisuseError, match="of one record"):
        replayer.replay(QuarantineFilter(reason=("bad_amount",)), "ann", {"amount": "1"})
    with pytest.raises(NotFoundError):
        replayer.replay(QuarantineFilter(ids=("0" * 32,)), "ann", {"amount": "1"})
    with pytest.raises(MisuseError, match="say why"):
        store.dismiss(["0" * 32], " ", "ann", clock)
    with pytest.raises(NotFoundError):
        store.dismiss(["0" * 32], "why not", "ann", clock)


def test_a_number_that_json_has_no_form_for_is_left_out_by_a_replay(collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database) -> None:  # fmt: skip
    bad = span(7, {"stallwatch.objects": ["invoice"], "share": 0.5, "ratio": float("nan"), "most": float("inf")})
    collector.accept_traces(traces(bad))

    report = replayer.replay(these(only(store)), "ann", {"objects": "invoice:1"})

    assert report.replayed == 1
    assert database.rows("SELECT attributes_float AS told FROM spans") == [{"told": {"share": 0.5}}]
