"""The policy: read from YAML and settings, tried out on the engine, published once for all landing views."""

from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from support.otlp import logs, numbered, span, traces

from collector.policy import Policy, RecordLimits, policy_of
from collector.publishing import Publisher
from collector.redaction import Redaction, load_redaction
from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import DefinitionError, SettingsError
from core.registry import Integration, RedactionOverride, Registry, publish_registry
from core.settings import Settings, load_settings


def written(directory: Path, text: str) -> Path:
    file = directory / "redaction.yaml"
    file.write_text(text)
    return file


def test_a_file_replaces_what_ships(tmp_path: Path) -> None:
    redaction = load_redaction(written(tmp_path, "keys: [badge]\npatterns: {visit: 'V[0-9]{9}'}\n"))

    assert redaction == Redaction(keys=("badge",), patterns={"visit": "V[0-9]{9}"})


def test_a_file_that_extends_what_ships_adds_to_it(tmp_path: Path) -> None:
    shipped = load_redaction(None)

    own = load_redaction(
        written(
            tmp_path, "extends: phi\nmode: allow\nallowed: [channel]\nkeys: [badge]\npatterns: {mrn: 'M[0-9]{9}'}\n"
        )
    )

    assert (own.mode, own.allowed, own.keys) == ("allow", ("channel",), (*shipped.keys, "badge"))
    assert own.patterns == {**shipped.patterns, "mrn": "M[0-9]{9}"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("patterns: {visit: 'V('}", "is not a pattern"),
        ("patterns: {visit: '(V)1'}", "group with"),
        ("patterns: {visit: 'V*'}", "must match something"),
        ("patterns: {Visit: 'V1'}", "no name for a class"),
        ("patterns: {redacted: 'V1'}", "no name for a class"),
        ("keys: ['--']", "has no words"),
        ("extends: hipaa", "'hipaa' is none of phi"),
        ("key: [a]", "key"),
        (f"keys: [{', '.join(f'k{n}' for n in range(300))}]", "300 keys"),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(DefinitionError, match=reason):
        load_redaction(written(tmp_path, text))


def test_the_settings_make_the_policy(tmp_path: Path) -> None:
    settings = Settings(
        redaction=written(tmp_path, "keys: [badge]"), redaction_key="k" * 32, max_attributes=7, max_key_bytes=20,
        max_value_bytes=300, max_array_elements=9, max_nesting=1, max_record_age_days=3, max_skew_seconds=4,
    )  # fmt: skip

    assert policy_of(settings) == Policy(
        RecordLimits(7, 20, 300, 9, 1, timedelta(days=3), timedelta(seconds=4)), Redaction(keys=("badge",)), "k" * 32
    )
    assert "kkk" not in repr(policy_of(settings)) + repr(settings)


def test_the_limits_of_the_settings_are_those_of_the_policy() -> None:
    assert policy_of(Settings()) == Policy()


@pytest.mark.parametrize("key", ["", "k" * 31])
def test_a_redaction_key_that_can_be_guessed_is_refused(key: str) -> None:
    with pytest.raises(SettingsError, match="STALLWATCH_REDACTION_KEY: it must have 32 characters") as refused:
        load_settings(environment={"STALLWATCH_REDACTION_KEY": key})

    assert "kkk" not in str(refused.value)


@pytest.mark.database
def test_a_policy_is_published_when_it_changed(database: Database, clock: ManualClock) -> None:
    policy = Policy()

    first, again = policy.publish(database, clock), policy.publish(database, clock)
    clock.advance(timedelta(seconds=1))
    other = Policy(RecordLimits(max_attributes=5)).publish(database, clock)

    assert (first, again, other) == (True, False, True)


@pytest.mark.database
def test_what_the_registry_says_holds_from_the_next_publication(database: Database, clock: ManualClock) -> None:
    policy = Policy()
    policy.publish(database, clock)
    clock.advance(timedelta(seconds=1))
    override = RedactionOverride(mode="allow", allow=("badge",))
    erp = Integration(name="erp", allowed_event_types=("invoice.*",), redaction=override)
    publish_registry(database, Registry(integrations={"erp": erp}), clock)

    assert policy.publish(database, clock)
    [row] = database.rows("SELECT overrides, allowed_types FROM collector_policy ORDER BY published_at DESC LIMIT 1")
    assert row["allowed_types"] == {"erp": ["invoice.*"]}
    assert tuple(row["overrides"]["erp"].values()) == ("allow", [], [" badge "])


@pytest.mark.database
@pytest.mark.parametrize(
    "pattern",
    ["(?:a{1,1000}){1,100}b", "V[0-9]+(?=x)", r"V(?P<n>[0-9])(?P=n)"],
    ids=["expensive", "look-ahead", "backward"],
)
def test_a_pattern_that_the_engine_cannot_search_for_is_refused_before_it_holds(
    database: Database, clock: ManualClock, pattern: str
) -> None:
    collector = Collector(database, clock)
    clock.advance(timedelta(seconds=1))

    with pytest.raises(DefinitionError, match="the engine cannot search for the pattern visit"):
        Collector(database, clock, policy=Policy(redaction=Redaction(patterns={"visit": pattern})))

    assert collector.accept_logs(logs(*numbered(2))).accepted == 2
    collector.close()


@pytest.mark.database
def test_anchors_of_a_pattern_are_those_of_a_text(database: Database, clock: ManualClock) -> None:
    policy = Policy(redaction=Redaction(patterns={"visit": "^V[0-9]{9}$"}))
    collector = Collector(database, clock, policy=policy)

    collector.accept_traces(traces(span(1, {"a": "V123456789", "b": "xV123456789"})))
    collector.close()

    assert database.rows("SELECT attributes_string AS shown FROM spans") == [
        {"shown": {"a": "[visit]", "b": "xV123456789"}}
    ]


@pytest.mark.database
def test_two_processes_with_different_settings_do_not_undo_each_other(database: Database, clock: ManualClock) -> None:
    strict = Publisher(database, clock, Policy(RecordLimits(max_attributes=5)))
    usual = Publisher(database, clock)

    with capture_logs() as told:
        news = [each.publish() for each in (strict, usual, strict, usual, strict)]

    assert news == [True, True, False, False, False]
    assert [entry["log_level"] for entry in told] == ["warning"]
    assert database.rows("SELECT max_attributes AS most FROM collector_policy") == [{"most": 256}]


@pytest.mark.database
def test_what_gives_way_publishes_only_where_nothing_is_in_force(database: Database, clock: ManualClock) -> None:
    shell = Publisher(database, clock, Policy(redaction=Redaction()), gives_way=True)
    first = shell.publish()
    serving = Publisher(database, clock).publish()
    publish_registry(
        database, Registry(integrations={"erp": Integration(name="erp", allowed_event_types=("a.*",))}), clock
    )

    later = Publisher(database, clock, Policy(redaction=Redaction()), gives_way=True).publish()

    [row] = database.rows("SELECT notEmpty(denied_words) AS strict, allowed_types AS types FROM collector_policy")
    assert (first, serving, later) == (True, True, True)
    assert row == {"strict": 1, "types": {"erp": ["a.*"]}}
