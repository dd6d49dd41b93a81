import pytest
from prometheus_client import CollectorRegistry
from support.otlp import SPAN_ID, TRACE_ID, event, logs, span, traces
from support.troubled_store import TroubledStore

from collector.errors import RequestError
from collector.landing import Landing
from collector.metrics import CollectorMetrics
from collector.otlp import canonical, stamped
from collector.receipts import Receipt, Submission
from collector.signals import LOGS, TRACES, Signal
from collector.stamps import Stamps
from collector.writing import Writer
from core.clickhouse import Database
from core.errors import StoreError, StoreUnavailableError

pytestmark = pytest.mark.database

DOWN = StoreUnavailableError("the store does not answer")


def writer(store: TroubledStore | Database) -> Writer:
    return Writer(Landing(store), CollectorMetrics.registered(CollectorRegistry()), pauses=(0, 0))


def submission(body: bytes, number: int = 1, signal: Signal = LOGS, records: int = 1) -> Submission:
    request_id = f"r{number}"
    plainer = lambda: stamped(canonical(signal, body), Stamps(request_id, number))  # noqa: E731 - a submission carries a closure, and a test need not name it
    return Submission(signal, request_id, stamped(body, Stamps(request_id, number)), records, plainer)


def count(database: Database, table: str = "events") -> int:
    return database.rows(f"SELECT count() AS n FROM {table}")[0]["n"]


def test_a_short_outage_is_ridden_out_under_one_token(database: Database) -> None:
    store = TroubledStore(database, [DOWN, DOWN])
    sent = submission(logs(event()))

    writer(store).write([sent])

    assert sent.receipt.result(0) == Receipt(1)
    assert len(store.tokens) == 3
    assert len(set(store.tokens)) == 1


def test_an_insert_whose_answer_was_lost_is_repeated_and_stored_once(database: Database) -> None:
    store = TroubledStore(database, [DOWN], lose_answer=True)
    sent = submission(logs(event(), event(amount="much")), records=2)

    writer(store).write([sent])

    assert (sent.receipt.result(0).accepted, sent.receipt.result(0).rejected) == (1, 1)
    assert (count(database), count(database, "quarantine")) == (1, 1)


def test_a_longer_outage_is_answered_as_such_and_nothing_is_acknowledged(database: Database) -> None:
    store = TroubledStore(database, [DOWN] * 3)
    sent = [submission(logs(event()), 1), submission(logs(event()), 2)]

    writer(store).write(sent)

    for one in sent:
        with pytest.raises(StoreUnavailableError):
            one.receipt.result(0)
    assert count(database) == 0


@pytest.mark.parametrize("trouble", [StoreError("Code: 243. no space left"), RuntimeError("unforeseen")])
def test_a_failure_that_is_not_the_senders_fault_asks_for_the_request_again(
    database: Database, trouble: Exception
) -> None:
    sent = submission(logs(event()))

    writer(TroubledStore(database, [trouble])).write([sent])

    with pytest.raises(StoreUnavailableError, match="send it again") as told:
        sent.receipt.result(0)
    assert str(trouble) not in str(told.value)  # which may name hosts and quote statements


def varint_for_a_fixed64() -> bytes:
    """A span whose start time has another wire type: the protobuf runtime skips it, ClickHouse cannot read on."""
    fields = b"\x0a\x10" + TRACE_ID + b"\x12\x08" + SPAN_ID + b"\x38\x05"
    scope = b"\x12" + bytes([len(fields)]) + fields
    resource = b"\x12" + bytes([len(scope)]) + scope
    return b"\x0a" + bytes([len(resource)]) + resource


def test_a_request_that_clickhouse_cannot_read_does_not_fail_its_neighbours(database: Database) -> None:
    sent = [
        submission(traces(span(1)), 1, TRACES),
        submission(varint_for_a_fixed64(), 2, TRACES),
        submission(traces(span(3)), 3, TRACES),
    ]

    writer(database).write(sent)

    assert [one.receipt.result(0).accepted for one in sent] == [1, 0, 1]
    assert "no_timestamp" in sent[1].receipt.result(0).message
    assert (count(database, "spans"), count(database, "quarantine")) == (2, 1)


def test_a_request_that_stays_unreadable_is_refused(database: Database) -> None:
    sent = Submission(TRACES, "r1", b"\x05junk!", 1)

    writer(database).write([sent])

    with pytest.raises(RequestError, match="cannot be decoded"):
        sent.receipt.result(0)
