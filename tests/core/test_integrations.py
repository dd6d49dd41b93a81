"""What is expected of integrations: the file's word, and over it what was changed while running."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import MisuseError, NotFoundError
from core.integrations import Expected, Integrations
from core.rates import Rate
from core.registry import Facility, Integration, Registry, publish_registry

ERP: dict[str, Any] = {
    "name": "ERP",
    "owner": "finance-systems",
    "tier": "clinical-critical",
    "heartbeat": "15m",
    "rate_limit": "500/s",
    "allowed_event_types": ["purchase_order.*", "invoice.received"],
    "redaction": {"mode": "allow", "deny": ["patient"], "allow": ["amount"]},
}
pytestmark = pytest.mark.database


def integration(**changes: Any) -> Integration:
    return Integration.model_validate(ERP | changes)


@pytest.fixture
def known(database: Database, clock: ManualClock) -> Integrations:
    return Integrations(database, clock)


def publish(database: Database, clock: ManualClock, **integrations: Integration) -> None:
    clock.advance(timedelta(seconds=1))
    publish_registry(database, Registry(integrations=integrations), clock)


def test_what_the_file_says_comes_back_whole(database: Database, clock: ManualClock, known: Integrations) -> None:
    plain = Integration.model_validate({"name": "Reporting"})
    publish(database, clock, erp=integration(), reporting=plain)

    known.refresh()

    assert {key: entry.integration for key, entry in known.entries.items()} == {
        "erp": integration(),
        "reporting": plain,
    }
    assert {entry.source for entry in known.entries.values()} == {"file"}
    assert (known.rate_of("erp"), known.rate_of("reporting")) == (Rate(500, 1), None)


def test_the_api_wins_over_the_file_at_once_and_says_who_spoke(
    database: Database, clock: ManualClock, known: Integrations
) -> None:
    publish(database, clock, erp=integration())
    known.refresh()

    entry = known.put("erp", integration(rate_limit="5/m", redaction=None), "key:0123")

    assert (entry.source, entry.changed_by, entry.changed_at) == ("api", "key:0123", clock.now())
    assert known.entry("erp").integration == integration(rate_limit="5/m", redaction=None)
    assert known.rate_of("erp") == Rate(5, 60)


def test_a_new_publication_of_the_file_does_not_undo_what_the_api_said(
    database: Database, clock: ManualClock, known: Integrations
) -> None:
    known.put("erp", integration(name="as the API has it"), "ops")

    publish(database, clock, erp=integration())
    known.refresh()

    assert known.entry("erp").integration.name == "as the API has it"


def test_what_is_taken_back_is_as_the_file_says_again(
    database: Database, clock: ManualClock, known: Integrations
) -> None:
    publish(database, clock, erp=integration())
    known.put("erp", integration(name="for a while"), "ops")
    known.put("wms", integration(name="never in the file"), "ops")

    known.delete("erp", "ops")
    known.delete("wms", "ops")

    assert {key: (entry.integration.name, entry.source) for key, entry in known.entries.items()} == {
        "erp": ("ERP", "file")
    }


def test_it_can_be_put_again_after_it_was_taken_back(known: Integrations) -> None:
    for name in ("first", "second"):
        known.put("wms", integration(name=name), "ops")
        known.delete("wms", "ops")
    known.put("wms", integration(name="third"), "ops")

    assert known.entry("wms").integration.name == "third"


def test_every_change_is_kept_with_who_made_it(database: Database, clock: ManualClock, known: Integrations) -> None:
    known.put("wms", integration(), "anna")
    known.put("wms", integration(owner="stores"), "ben")
    known.delete("wms", "carl")

    rows = database.rows("SELECT version, deleted, owner, changed_by FROM integration_changes ORDER BY version")
    assert [tuple(row.values()) for row in rows] == [
        (1, False, "finance-systems", "anna"),
        (2, False, "stores", "ben"),
        (3, True, "", "carl"),
    ]


def test_another_process_sees_a_change_with_its_next_refresh(
    database: Database, clock: ManualClock, known: Integrations
) -> None:
    other = Integrations(database, clock)
    known.put("wms", integration(), "ops")
    assert not other.entries

    other.refresh()

    assert other.entries == known.entries


def test_only_what_the_api_said_can_be_taken_back(database: Database, clock: ManualClock, known: Integrations) -> None:
    publish(database, clock, erp=integration())
    known.refresh()

    with pytest.raises(MisuseError, match="'erp' is in the registry file, and is removed there"):
        known.delete("erp", "ops")
    with pytest.raises(NotFoundError, match="no integration 'wms' is registered"):
        known.delete("wms", "ops")


@pytest.mark.parametrize("key", ["", "  ", "x" * 201])
def test_a_key_that_cannot_be_is_refused(known: Integrations, key: str) -> None:
    with pytest.raises(MisuseError, match="1 to 200 characters"):
        known.put(key, integration(), "ops")


def test_what_left_the_file_is_expected_no_more_and_can_come_back(
    database: Database, clock: ManualClock, known: Integrations
) -> None:
    seen = []
    for keys in (("erp", "wms"), ("erp",), ("erp",), ("erp", "wms")):
        publish(database, clock, **dict.fromkeys(keys, integration()))
        known.refresh()
        seen.append(list(known.entries))

    assert seen == [["erp", "wms"], ["erp"], ["erp"], ["erp", "wms"]]


def test_a_file_without_integrations_retires_all_and_no_file_retires_nobody(
    database: Database, clock: ManualClock, known: Integrations
) -> None:
    publish(database, clock, erp=integration())

    publish_registry(database, Registry(), clock)
    known.refresh()
    assert list(known.entries) == ["erp"]

    clock.advance(timedelta(seconds=1))
    publish_registry(database, Registry(facilities={"depot": Facility(name="Depot")}), clock)
    known.refresh()
    assert not known.entries


def test_what_was_published_before_entries_could_retire_is_retired_by_the_next_publication(
    database: Database, clock: ManualClock, known: Integrations
) -> None:
    columns = ("integration", "name", "owner", "tier", "heartbeat_seconds", "published_at")
    database.insert("integrations", columns, [("old", "Old", "", "standard", 60, clock.now() - timedelta(days=9))])

    publish(database, clock, erp=integration())
    known.refresh()

    assert list(known.entries) == ["erp"]


def test_names_of_any_script_and_with_any_sign_are_kept(known: Integrations) -> None:
    key = "/erp/prod?x='1' \\ é"

    known.put(key, integration(name="ERP 'é' \\ \n ключ"), "o'ps")
    known.refresh()

    assert known.entry(key).integration.name == "ERP 'é' \\ \n ключ"


def test_changes_from_many_threads_all_count(database: Database, known: Integrations) -> None:
    threads = [
        threading.Thread(target=known.put, args=("wms", integration(name=str(number)), str(number)))
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    versions = database.rows("SELECT version FROM integration_changes ORDER BY version")
    assert [row["version"] for row in versions] == [1, 2, 3, 4]


def test_whoever_looks_things_up_follows_changes(database: Database, known: Integrations) -> None:
    facility = Facility(name="Depot")
    expected = Expected(Registry(facilities={"depot": facility}), known)

    known.put("wms", integration(), "ops")

    assert expected.integrations == {"wms": integration()}
    assert expected.facilities == {"depot": facility}
