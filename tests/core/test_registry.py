from datetime import timedelta
from pathlib import Path

import pytest

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import DefinitionError
from core.rates import Rate
from core.registry import Integration, Registry, load_registry, publish_registry

REGISTRY = """
calendars:
  clinic:
    shifts: {mon: ["08:00-17:00"]}
    holidays: US-CA
facilities:
  mercy-west: {name: Mercy West, kind: hospital, region: west, time_zone: America/Los_Angeles, calendar: clinic, aliases: ["0614141000012"]}
  depot: {name: Central Depot, kind: warehouse}
integrations:
  erp: {name: ERP, owner: finance-systems, tier: clinical-critical, heartbeat: 15m}
  reporting: {name: Reporting}
"""


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    (tmp_path / "registry.yaml").write_text(REGISTRY)
    return load_registry(tmp_path / "registry.yaml")


def test_without_a_file_nothing_in_particular_is_expected() -> None:
    assert load_registry(None) == Registry()


def test_a_facility_without_a_calendar_never_closes(registry: Registry) -> None:
    assert registry.facilities["depot"].calendar == "always"


@pytest.mark.parametrize(("written", "seconds"), [("90s", 90), ("15m", 900), ("4h", 14_400), ("2d", 172_800)])
def test_a_heartbeat_is_written_as_clock_time(written: str, seconds: int) -> None:
    integration = Integration.model_validate({"name": "ERP", "heartbeat": written})

    assert integration.heartbeat == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (
            "heartbeat: 15m",
            "heartbeat: 8bh",
            r":10:\d+: integrations\.erp\.heartbeat: '8bh': a heartbeat is clock time",
        ),
        ("heartbeat: 15m", "heartbeat: soon", r":10:\d+: integrations\.erp\.heartbeat: 'soon' is not a duration"),
        (
            "kind: warehouse",
            'aliases: ["x", "0614141000012", "mercy-west"]',
            r"depot\.aliases\.1: '0614141000012' names the facility 'mercy-west' too; .*\.2: 'mercy-west' names the facility",
        ),
        ("kind: warehouse", 'aliases: [""]', r"depot\.aliases\.0: '' is no name: write one without blanks"),
        ("kind: warehouse", 'aliases: [" x"]', r"depot\.aliases\.0: ' x' is no name"),
        ("kind: warehouse", "aliases: [x, x]", r"depot\.aliases\.1: 'x' is given twice; remove it"),
        ("kind: warehouse", "aliases: [depot]", r"depot\.aliases\.0: 'depot' is the facility itself; remove it"),
        ("kind: warehouse", "aliases: [[x]]", r"depot\.aliases\.0: "),
        ("depot: {name: Central Depot, kind: warehouse}", "depot: [mercy]", r"facilities\.depot: "),
        (
            "America/Los_Angeles",
            "America/Nowhere",
            r":7:\d+: facilities\.mercy-west\.time_zone: 'America/Nowhere' is not an",
        ),
        (
            "America/Los_Angeles",
            "../etc",
            r":7:\d+: facilities\.mercy-west\.time_zone: '../etc' is not an IANA time zone",
        ),
        (
            "calendar: clinic",
            "calendar: clinics",
            "facilities.mercy-west.calendar: 'clinics' is not among the calendars; did you mean 'clinic'",
        ),
        ("  reporting:", "  erp:", r":11:\d+: integrations\.erp: this key is given twice"),
        (
            "tier: clinical-critical",
            "tier: gold",
            r":10:\d+: integrations\.erp\.tier: 'gold' is none of clinical-critical, standard, low",
        ),
        ("kind: warehouse", "sort: warehouse", r":8:\d+: facilities\.depot\.sort: unknown key"),
    ],
)
def test_a_wrong_registry_is_refused_with_the_place(tmp_path: Path, before: str, after: str, reason: str) -> None:
    file = tmp_path / "registry.yaml"
    file.write_text(REGISTRY.replace(before, after))

    with pytest.raises(DefinitionError, match=reason):
        load_registry(file)


@pytest.mark.database
def test_publishing_makes_the_registry_known_and_is_safe_to_repeat(
    database: Database, clock: ManualClock, registry: Registry
) -> None:
    publish_registry(database, registry, clock)
    clock.advance(timedelta(seconds=1))
    publish_registry(database, registry, clock)

    facilities = database.rows("SELECT * EXCEPT published_at FROM facilities FINAL ORDER BY facility")
    integrations = database.rows("SELECT * EXCEPT published_at FROM integrations FINAL ORDER BY integration")
    assert [(row["facility"], row["calendar"]) for row in facilities] == [
        ("depot", "always@UTC"),
        ("mercy-west", "clinic@America/Los_Angeles"),
    ]
    assert facilities[1]["aliases"] == ["0614141000012"]
    assert [(row["integration"], row["owner"], row["heartbeat_seconds"]) for row in integrations] == [
        ("erp", "finance-systems", 900),
        ("reporting", "", 0),
    ]


@pytest.mark.database
def test_what_left_the_registry_stays_known_for_its_history(
    database: Database, clock: ManualClock, registry: Registry
) -> None:
    publish_registry(database, registry, clock)
    clock.advance(timedelta(seconds=1))
    publish_registry(database, Registry(integrations={"erp": Integration(name="New ERP")}), clock)

    known = database.rows("SELECT integration, name FROM integrations FINAL ORDER BY integration")
    assert known == [{"integration": "erp", "name": "New ERP"}, {"integration": "reporting", "name": "Reporting"}]


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("rate_limit", "fast", "'fast' is not a rate: write 500/s"),
        ("rate_limit", "0/s", "'0/s' is not a rate"),
        ("allowed_event_types", ["*"], r"'\*': write a type"),
        ("allowed_event_types", ["invoice*"], r"'invoice\*': write a type"),
        ("allowed_event_types", ["inv.*.x"], r"write a type \(invoice.received\), or all of a kind \(invoice.\*\)"),
        ("allowed_event_types", [""], "at least 1 character"),
        ("allowed_event_types", ["a.b"] * 1001, "at most 1000 items"),
        ("redaction", {"mode": "maybe"}, "'deny' or 'allow'"),
        ("redaction", {"drop": ["x"]}, "Extra inputs"),
        ("redaction", {"deny": [""]}, "at least 1 character"),
        ("heartbeat", -1, "greater than 0"),
        ("heartbeat", "367d", "less than or equal to 366 days"),
        ("name", "", "at least 1 character"),
    ],
)
def test_what_cannot_be_expected_of_an_integration_is_refused(key: str, value: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Integration.model_validate({"name": "ERP", key: value})


def test_an_integration_may_say_how_much_and_what_it_sends_and_what_is_private(tmp_path: Path) -> None:
    (tmp_path / "registry.yaml").write_text("""
integrations:
  erp:
    name: ERP
    rate_limit: 30/m
    allowed_event_types: [purchase_order.*, invoice.received]
    redaction: {mode: allow, deny: [patient], allow: [amount, currency]}
""")

    erp = load_registry(tmp_path / "registry.yaml").integrations["erp"]

    assert erp.rate == Rate(30, 60)
    assert erp.allowed_event_types == ("purchase_order.*", "invoice.received")
    assert erp.redaction is not None
    assert erp.redaction.model_dump() == {"mode": "allow", "deny": ("patient",), "allow": ("amount", "currency")}
