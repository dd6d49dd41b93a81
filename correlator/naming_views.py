"""The views through which facts are read under their own names, made anew when the names change.

No names cost nothing: the views are then what the migrations make them. With names, each table that is sorted by object
is read in two parts, what was sent under own names and what was not, so that either is asked for by its key.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from string import Template

from core.clickhouse import Database
from core.sql import sql
from correlator.own_names import OwnNames

LONGEST = 16 * 1024 * 1024  # bytes of a view: its names stand in it several times
PAIR = "Array(Tuple(type LowCardinality(String), id String))"


def publish_names(database: Database, names: OwnNames) -> bool:
    """Have facts read under these names; return whether they were read under others. Safe to repeat."""
    others = [node for node in database.nodes if _in_force(node, database)["names"] != names.digest]
    if others:
        database.insert("other_names", ("sent", "own"), list(names.types.items()))
    for node in others:
        for statement in statements(names, database.name):
            node.execute(statement, {"max_query_size": LONGEST})
    return bool(others)


def reading(database: Database, names: OwnNames) -> str:
    """Have facts read under these names, and return an id of the views that do: another whenever they were made anew.

    What was derived while another process had published other names was derived by views of another id.
    """
    found = _in_force(database, database)
    may_differ = bool(database.cluster) or found["names"] != names.digest  # one node says nothing of the others
    if may_differ and publish_names(database, names):
        found = _in_force(database, database)
    return found["view"]


def _in_force(node: Database, database: Database) -> dict[str, str]:
    found = node.rows(sql("correlator", "names_in_force"), spread=database.name)
    return found[0] if found else {"names": "", "view": ""}


def statements(names: OwnNames, database: str) -> Iterator[str]:
    """Yield the statements that make the views; the last says by which names they are made."""
    event = {"type": _event(names, "type"), "facility": _facility(names)}
    objects = {"subject_type": _type(names, "subject_type"), "objects": _objects(names, "objects")}
    by_event = {"event_type": _event(names, "event_type"), "facility": _facility(names)}
    linked = {"linked": _objects(names, "linked")}
    touched = {"object_type": _type(names, "object_type")}
    of_events = _by_object(names, f"{database}.event_objects", by_event)
    for view, source, renamed in (
        ("named_events", f"{database}.events", event | objects),
        ("named_touched_objects", f"{database}.touched_objects", touched),
        ("named_event_objects", of_events, {}),
        ("named_object_states", _by_object(names, f"{database}.object_states", linked), {}),
        ("named_descriptions", _by_object(names, f"{database}.object_states", linked, "FINAL"), {}),
        ("named_span_objects", _by_object(names, f"{database}.span_objects", {}), {}),
    ):
        yield _filled("view_named", database=database, view=view, source=source, renamed=_replaced(renamed))
    told = _replaced(event | objects)
    statements_ = _replaced({"facility": event["facility"]} | objects)
    yield _filled("view_told_events", database=database, renamed=told)
    yield _filled("view_current_statements", database=database, renamed=statements_)
    yield _filled("view_current_event_objects", database=database, source=of_events)
    yield _filled("view_current_events", database=database, renamed=told, names=names.digest)


def sources(names: OwnNames) -> dict[str, str]:
    """Return where a run reads facts that have no view of what holds: without names from the tables themselves."""
    return {table: f"named_{table}" if names.of_models else table for table in ("touched_objects", "object_states")}


def _filled(name: str, **parts: str) -> str:
    code = "\n".join(line for line in sql("correlator", name).splitlines() if not line.startswith("--"))
    return Template(code).substitute(parts)


def _by_object(names: OwnNames, table: str, told: Mapping[str, str], final: str = "") -> str:
    if not names.types:
        replaced = _replaced(told)
        return f"(SELECT * {replaced} FROM {table} {final}) AS named" if replaced else f"{table} {final}".strip()
    renamed = _replaced({**told, "object_type": _type(names, "object_type")})
    sent = f"({', '.join(map(_text, names.types))})"
    return _filled("named_by_object", table=table, final=final, kept=_replaced(told), renamed=renamed, sent=sent)


def _replaced(columns: Mapping[str, str]) -> str:
    told = [f"{how} AS {column}" for column, how in columns.items() if how]
    return f"REPLACE ({', '.join(told)})" if told else ""


def _type(names: OwnNames, column: str) -> str:
    return f"toLowCardinality({_translated(names.types, column)})" if names.types else ""


def _facility(names: OwnNames) -> str:
    return f"toLowCardinality({_translated(names.facilities, 'facility')})" if names.facilities else ""


def _event(names: OwnNames, column: str) -> str:
    if not (names.types or names.events):
        return ""
    kind = f"substringIndex({column}::String, '.', 1)"
    by_type = f"concat({_translated(names.types, kind)}, substring({column}::String, length({kind}) + 1))"
    return f"toLowCardinality({_translated(names.events, column, by_type)})"


def _objects(names: OwnNames, column: str) -> str:
    if not names.types:
        return ""
    return f"arrayDistinct(arrayMap(each -> ({_translated(names.types, 'each.1')}, each.2), {column})::{PAIR})"


def _translated(names: Mapping[str, str], what: str, otherwise: str = "") -> str:
    text = f"{what}::String"
    if not names:
        return otherwise or text
    return f"transform({text}, [{_listed(names)}], [{_listed(names.values())}], {otherwise or text})"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(map(_text, words))


def _text(word: str) -> str:
    escaped = re.sub(r"(['\\])", r"\\\1", word)
    return f"'{escaped}'"
