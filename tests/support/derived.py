"""What the correlator derived, read back for tests."""

from typing import Any

from support.facts import Ref

from core.clickhouse import Database
from correlator.switch_over import DERIVED as IN_FORCE

FACTS = ("events", "event_objects", "touched_objects", "object_states", "superseded_events")
DERIVED = (
    *(*IN_FORCE, "correlator_runs", "switch_overs"),
    *("identity_statements", "identities", "aliases", "aliased_event_objects"),
    *("withdrawn_namings", "runs_begun", "settled_versions"),
)


def clear(database: Database, *tables: str) -> None:
    for table in tables:
        database.execute(f"TRUNCATE TABLE {table}")


def snapshot(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Everything derived, but for the number of the run that derived it, and when what it rests on was received.

    Tests store the same facts now and later; correlator/test_worlds.py and test_corrected.py say when they came.
    """
    tables = {
        **dict.fromkeys(("journey_members", "object_journeys", "journeys"), "EXCEPT (revision, is_gone)"),
        "handoffs": "EXCEPT (revision, is_gone, opened_received_at, ended_received_at)",
        **dict.fromkeys(("identities", "aliases", "withdrawn_namings"), "EXCEPT (revision, is_gone)"),
        "aliased_event_objects": "EXCEPT (revision, is_gone, received_at)",
        **dict.fromkeys(("current_links", "current_parent_links"), ""),
    }
    return {
        table: database.rows(
            f"SELECT * {left_out} FROM {table} {'' if table.startswith('current') else 'FINAL'} ORDER BY ALL"
        )
        for table, left_out in tables.items()
    }


def stretches(stored: list[dict[str, Any]]) -> tuple[tuple[Any, Any], ...]:
    """What a column of stretches of time holds, as the oracle tells them."""
    return tuple((each["since"], each["until"]) for each in stored)


def stored_memberships(database: Database) -> set[tuple[Ref, Ref]]:
    rows = database.rows("SELECT root_type, root_id, object_type, object_id FROM journey_members FINAL")
    return {((r["root_type"], r["root_id"]), (r["object_type"], r["object_id"])) for r in rows}


def stored_cycles(database: Database) -> set[tuple[Any, ...]]:
    rows = database.rows(
        "SELECT handoff, object_type, object_id, cycle, opened_at, closed_at, cancelled_at FROM handoffs FINAL"
    )
    return {tuple(row.values()) for row in rows}
