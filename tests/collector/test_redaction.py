"""What is private is gone before it is stored, wherever it stands; what only looks like it stays.

Expected hashes come from Python's own HMAC, card numbers and IBANs from the payment schemes' published test numbers.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from support.otlp import any_value, cloudevent, event, key_values, logs, span, traces

from collector.policy import Policy
from collector.redaction import Redaction, load_redaction
from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock
from core.registry import Integration, RedactionOverride, Registry, publish_registry

pytestmark = pytest.mark.database

KEY = "k" * 32
PRIVATE = {
    "email": ["jane.doe@example.org", "a%40b.example.com"],
    "ssn": ["900-12-3456", "SSN: 900123456", "ssn=900-12-3456", "social security number 900 12 3456"],
    "mrn": ["MRN 00123456", "mrn=AB1234567", "Medical record number: 7654321", "patient_MRN#1234567"],
    "dob": ["DOB 01/02/1980", "dob=1980-01-02", "born on 2 January 1980", "date_of_birth: 19800102"],
    "card": [
        "4111111111111111",
        "4111-1111-1111-1111",
        "5555 5555 5555 4444",
        "378282246310005",
        "ref_4111111111111111_x",
        "3782-822463-10005",
    ],
    "iban": [
        "DE89370400440532013000",
        "GB82 WEST 1234 5698 7654 32",
        "AD12 0001 2030 2003 5910 0100",
        "AE070331234567890123456",
        "BA391290079401028494",
        "BE68 5390 0754 7034",
        "EE382200221020145685",
    ],
    "bank": ["bank account 12345678", "account number: 000123456789", "routing 021000021", "ABA#021000021"],
}
BARE = {text: name for name, texts in PRIVATE.items() for text in texts}
HARMLESS = [
    "4111111111111112", "4500017000000002", "DE88370400440532013000", "PO-4500017", "4500017", "INV-881", "LT20260304000123",
    "0614141000036", "00614141123452", "106141412345678908", "036000291452", "HIN 4A5GH7J0X", "01-4100-100", "610000",
    "GL account 610000", "USD 1,234,567.89", "1234567890.12", "2026-03-04", "2026-03-04T09:30:00.123456Z", "1772625600000000000",
    "123e4567-e89b-42d3-a456-426614174000", "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331",
    # Ids whose digits hold as those of a card, and of an IBAN.
    "43709137-0763-4570-8879-4a232217bead", "DE3900462ED654115B49156137C60E98",
    "https://erp.example.com:8443/api/v1/po/4500017?line=10&qty=12", "1.2.3-rc.4", "10.0.0.1:5432", "@scope/package", "v-77",
    "12/31/2026", "net 30", "+1 415 555 0100", "SELECT * FROM po WHERE id = 4500017", "\x01 and \x02", "routing rule 12", "größer",
]  # fmt: skip


@pytest.fixture
def opened(database: Database, clock: ManualClock) -> Iterator[Callable[..., Collector]]:
    """Make collectors of a policy each."""
    made: list[Collector] = []

    def make(redaction: Redaction | None = None, key: str = "") -> Collector:
        clock.advance(timedelta(seconds=1))
        policy = Policy(redaction=redaction or load_redaction(None), redaction_key=key)
        made.append(Collector(database, clock, policy=policy))
        return made[-1]

    yield make
    for collector in made:
        collector.close()


def everything(database: Database) -> str:
    """All that stands in the tables that keep what senders say."""
    tables = ("spans", "span_objects", "events", "event_objects", "object_states", "quarantine")
    return repr([database.rows(f"SELECT * FROM {table}") for table in tables])


def attributes(database: Database, table: str = "spans") -> dict[str, str]:
    [row] = database.rows(f"SELECT attributes_string AS shown FROM {table}")
    return row["shown"]


def keyed(value: str, key: str = KEY) -> str:
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()[:20]


def test_each_class_of_private_values_is_found_in_texts(opened: Callable[..., Collector], database: Database) -> None:
    opened().accept_traces(traces(span(1, {f"n{n}": f"see {text}, please" for n, text in enumerate(BARE)})))

    shown = attributes(database)
    assert [shown[f"n{n}"].split("[")[1].split("]")[0] for n in range(len(BARE))] == list(BARE.values())
    assert all(text not in repr(shown) for text in BARE)


@pytest.mark.parametrize("signal", ["traces", "logs", "cloudevents"])
def test_what_only_looks_private_stays_as_it_is(
    opened: Callable[..., Collector], database: Database, signal: str
) -> None:
    given = {f"n{n}": text for n, text in enumerate(HARMLESS)} | {
        "all": " | ".join(HARMLESS[:-4]),
        "mail": "a@b.example.com",
    }
    send_attributes(opened(), signal, given)

    shown = attributes(database, "spans" if signal == "traces" else "events")
    assert {key: shown[key] for key in given if key != "mail"} == {
        key: text for key, text in given.items() if key != "mail"
    }


def send_attributes(collector: Collector, signal: str, given: dict[str, object]) -> None:
    """Send one good record with these attributes."""
    receipt = {
        "traces": lambda: collector.accept_traces(traces(span(1, given))),
        "logs": lambda: collector.accept_logs(logs(event(attributes=given))),
        "cloudevents": lambda: collector.accept_cloudevents([cloudevent(data=given)]),
    }[signal]()
    assert receipt.rejected == 0, receipt


SECRET = "jane.doe@example.org"


def spans_with_it_everywhere() -> list[bytes]:
    sent = span(
        1,
        {
            "note": SECRET,
            SECRET: "x",
            "list": ["a", SECRET],
            "nested": {"deep": [SECRET]},
            "json": json.dumps({"a": SECRET}),
        },
        name=f"mail {SECRET}",
        status=Status(code=2, message=f"no such user {SECRET}"),
    )
    raised = sent.events.add(name=f"event {SECRET}", time_unix_nano=sent.start_time_unix_nano)
    raised.attributes.extend(key_values({"to": SECRET, SECRET: "y", "all": [SECRET]}))
    return [
        traces(sent, resource={"service.name": f"erp {SECRET}", "owner": SECRET, SECRET: "z", "who": {"mail": SECRET}}),
        traces(span(2), resource={"stallwatch.integration": SECRET}),
        traces(span(3, {"stallwatch.objects": [f"user:{SECRET}"]})),
        traces(span(4, {"note": SECRET}, trace_id=b"")),
        traces(span(5, {"stallwatch.objects": [SECRET]})),
    ]


def logs_with_it_everywhere() -> list[bytes]:
    full = event(
        f"mail.{SECRET}",
        attributes={"note": SECRET, SECRET: "x", "list": [SECRET], "nested": {"deep": [SECRET]}},
        facility=SECRET, supplier=SECRET, department=SECRET, spend_category=SECRET, criticality=SECRET,
        flow_type=SECRET, currency=SECRET, actor=SECRET, reason=f"asked by {SECRET}",
    )  # fmt: skip
    full.body.CopyFrom(any_value(f"body {SECRET}"))
    return [
        logs(full, resource={"service.name": SECRET}),
        logs(event(subject=f"user:{SECRET}")),
        logs(event(objects=[f"user:{SECRET}"])),
        logs(event(event_id=SECRET)),
        logs(event(amount=SECRET)),
        logs(event("", reason=SECRET)),
        logs(event(subject=SECRET)),
    ]


CLOUDEVENTS = [
    {"source": f"/{SECRET}"}, {"type": f"mail.{SECRET}"}, {"id": SECRET}, {"subject": f"user/{SECRET}"}, {"time": SECRET},
    {"integration": SECRET}, {"ext": SECRET}, {"data": SECRET}, {"data": [SECRET]}, {"traceparent": SECRET},
    {"data": {"note": SECRET, SECRET: 1, "deep": {"er": [SECRET]}, "actor": SECRET, "amount": SECRET}},
    {"data": {"objects": [f"user:{SECRET}", {"type": "user", "id": SECRET}]}}, {"specversion": SECRET}, {"dataschema": SECRET},
    {"datacontenttype": SECRET}, {"data": {"objects": {"a": SECRET}}},
]  # fmt: skip


@pytest.mark.parametrize("key", ["", KEY], ids=["dropped", "hashed"])
def test_a_private_value_is_nowhere_whatever_place_it_was_sent_in(
    opened: Callable[..., Collector], database: Database, key: str
) -> None:
    collector = opened(key=key)
    receipts = [collector.accept_traces(body) for body in spans_with_it_everywhere()]
    receipts += [collector.accept_logs(body) for body in logs_with_it_everywhere()]
    receipts += [
        collector.accept_cloudevents([cloudevent(**{"id": f"C-{n}", **each})]) for n, each in enumerate(CLOUDEVENTS)
    ]
    receipts.append(collector.accept_cloudevents([SECRET, [SECRET], {SECRET: 1}]))

    found = everything(database)
    assert SECRET not in found + repr(receipts) + repr(collector.counters())
    assert "[email]" in found or f"[email:{keyed(SECRET)}]" in found
    assert database.rows("SELECT count() AS n FROM quarantine")[0]["n"] > 5


def test_an_identity_that_is_private_goes_to_quarantine_unless_it_can_be_hashed(
    opened: Callable[..., Collector], database: Database
) -> None:
    def send(collector: Collector, name: str) -> list[int]:
        records = [event(subject=f"user:{SECRET}", event_id=name), event(event_id=f"{name} {SECRET}")]
        records.append(event(objects=[f"user:{SECRET}"], event_id=f"{name}-2"))
        worked = span(1, {"stallwatch.objects": f"user:{SECRET}"}, name=name)
        return [collector.accept_logs(logs(*records)).rejected, collector.accept_traces(traces(worked)).rejected]

    dropped = send(opened(), "E-1")
    reasons = database.rows("SELECT DISTINCT reason FROM quarantine")
    stored = send(opened(key=KEY), "E-2")

    assert dropped == [3, 1]
    assert reasons == [{"reason": "private_identity"}]
    assert stored == [0, 0]
    assert database.rows("SELECT DISTINCT object_id FROM event_objects WHERE object_type = 'user'") == [
        {"object_id": f"[email:{keyed(SECRET)}]"}
    ]


def test_a_value_hashes_alike_in_every_request_and_otherwise_under_another_key(
    opened: Callable[..., Collector], database: Database
) -> None:
    for number, key in enumerate((KEY, KEY, "j" * 32)):
        opened(key=key).accept_traces(traces(span(number + 1, {"note": SECRET, "mrn": "77"})))

    rows = database.rows("SELECT attributes_string AS shown FROM spans ORDER BY span_id")
    assert [row["shown"]["note"] for row in rows] == [f"[email:{keyed(SECRET, key)}]" for key in (KEY, KEY, "j" * 32)]
    assert [row["shown"]["mrn"] for row in rows] == [f"[redacted:{keyed('77', key)}]" for key in (KEY, KEY, "j" * 32)]


def test_what_is_redacted_is_not_redacted_again(opened: Callable[..., Collector], database: Database) -> None:
    told = {
        "note": f"from [email:{keyed(SECRET)}]",
        "mrn": f"[redacted:{keyed('77')}]",
        "ssn": "[ssn]",
        "dob": "[johndoe]",
    }

    opened(key=KEY).accept_traces(traces(span(1, told)))

    assert attributes(database) == told | {"dob": f"[redacted:{keyed('[johndoe]')}]"}


def test_values_of_every_type_under_a_denied_key_are_withheld(
    opened: Callable[..., Collector], database: Database
) -> None:
    given = {
        "patient.mrn": 12,
        "patientName": "Jane Doe",
        "DATE_OF_BIRTH": 1.5,
        "is.ssn": True,
        "x.e-mail": ["a"],
        "kept": 7,
        "who": {"mrn": 5},
    }
    opened().accept_traces(
        traces(span(1, given, status=Status(message="fine")), resource={"service.name": "erp", "mrn": "9"})
    )
    opened().accept_logs(logs(event(attributes=given)))

    for table in ("spans", "events"):
        [row] = database.rows(f"SELECT * FROM {table}")
        assert row["attributes_int"] == {"kept": 7}
        assert row["attributes_float"] == row["attributes_bool"] == {}
        assert row["attributes_string"] == {
            **dict.fromkeys(["patient.mrn", "patientName", "DATE_OF_BIRTH", "is.ssn", "x.e-mail"], "[redacted]"),
            "who": "{[redacted]}",
        }
    assert database.rows("SELECT resource['mrn'] AS mrn FROM spans") == [{"mrn": "[redacted]"}]


def test_long_numbers_are_judged_like_texts(opened: Callable[..., Collector], database: Database) -> None:
    given = {"ref": 4111111111111111, "order": 4500017000000002, "at": 1772625600000000000, "n": 5}
    opened().accept_traces(traces(span(1, given)))
    opened().accept_logs(logs(event(attributes=given)))

    for table in ("spans", "events"):
        [row] = database.rows(f"SELECT * FROM {table}")
        assert row["attributes_string"] == {"ref": "[card]"}
        assert row["attributes_int"] == {key: value for key, value in given.items() if key != "ref"}


def test_a_number_with_wrong_check_digits_hides_nothing(opened: Callable[..., Collector], database: Database) -> None:
    given = {
        "a": "GB00 4111 1111 1111 1111",
        "b": "4111111111111112 4111111111111111",
        "c": "DE88370400440532013000 a@b.example.com",
    }

    opened().accept_traces(traces(span(1, given)))

    assert attributes(database) == {
        "a": "GB00 [card]",
        "b": "4111111111111112 [card]",
        "c": "DE88370400440532013000 [email]",
    }


def test_marks_of_our_own_in_a_text_do_not_save_what_is_private(
    opened: Callable[..., Collector], database: Database
) -> None:
    given = {"a": f"\x01{SECRET}\x02 \x02 900-12-3456\x01", "b": '{"ssn": "90\x02-12\x01-3456"}'}

    opened().accept_traces(traces(span(1, given)))

    assert attributes(database) == {"a": " [email]    [ssn] ", "b": "{[redacted]}"}


def test_ten_thousand_values_in_one_text_are_all_found(opened: Callable[..., Collector], database: Database) -> None:
    given = " ".join(f"u{n}@example.org" for n in range(3000))

    opened(key=KEY).accept_traces(traces(span(1, {"note": given})))

    shown = attributes(database)["note"].split(" ")
    assert (shown[0], shown[-1], len(set(shown))) == (
        f"[email:{keyed('u0@example.org')}]", f"[email:{keyed('u2999@example.org')}]", 3000,
    )  # fmt: skip


def test_in_mode_allow_only_what_is_allowed_stays(opened: Callable[..., Collector], database: Database) -> None:
    collector = opened(Redaction(mode="allow", allowed=("channel", "host name")))
    given = {"channel": "edi", "hostName": "h1", "note": "anything", "n": 5}
    collector.accept_traces(
        traces(span(1, given, status=Status(message="why")), resource={"service.name": "erp", "pod": "p"})
    )
    record = event(attributes=given, reason="late")
    record.body.CopyFrom(any_value("free text"))
    collector.accept_logs(logs(record))

    kept = {"channel": "edi", "hostName": "h1", "note": "[redacted]", "n": "[redacted]"}
    [row] = database.rows("SELECT * FROM spans")
    assert row["attributes_string"] == kept
    assert row["resource"] == {"service.name": "erp", "pod": "[redacted]"}
    assert row["status_message"] == "[redacted]"
    [row] = database.rows("SELECT * FROM events")
    assert (row["attributes_string"], row["reason"]) == (kept | {"body": "[redacted]"}, "late")


def test_without_patterns_and_keys_everything_stays(opened: Callable[..., Collector], database: Database) -> None:
    given = {f"n{n}": text for n, text in enumerate(BARE)} | {"ssn": "5"}

    opened(Redaction()).accept_traces(traces(span(1, given)))

    assert attributes(database) == given


def test_only_card_numbers_can_be_looked_for(opened: Callable[..., Collector], database: Database) -> None:
    only = Redaction(patterns={"card": load_redaction(None).patterns["card"]})

    opened(only).accept_traces(traces(span(1, {"a": "x 4111111111111111", "b": SECRET})))

    assert attributes(database) == {"a": "x [card]", "b": SECRET}


def test_an_integration_may_deny_more_or_keep_only_what_it_names(
    opened: Callable[..., Collector], database: Database, clock: ManualClock
) -> None:
    registry = Registry(
        integrations={
            "more": Integration(name="more", redaction=RedactionOverride(mode="deny", deny=("badge",))),
            "less": Integration(name="less", redaction=RedactionOverride(mode="allow", allow=("badge",))),
        }
    )  # fmt: skip
    publish_registry(database, registry, clock)
    collector = opened()
    for name in ("more", "less", "other"):
        collector.accept_logs(
            logs(event(attributes={"badge": "1", "note": "2", "mrn": "3"}), resource={"service.name": name})
        )

    rows = database.rows("SELECT integration, attributes_string AS shown FROM events")
    assert {row["integration"]: row["shown"] for row in rows} == {
        "more": {"badge": "[redacted]", "note": "2", "mrn": "[redacted]"},
        "less": {"badge": "1", "note": "[redacted]", "mrn": "[redacted]"},
        "other": {"badge": "1", "note": "2", "mrn": "[redacted]"},
    }
