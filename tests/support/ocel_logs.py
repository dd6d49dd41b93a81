"""Writes one OCEL 2.0 log, given as its JSON document, in each of the four forms, after the specification."""

import csv
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Document = dict[str, Any]
Table = tuple[list[str], list[list[Any]]]
FORMS = ("json", "xml", "sqlite", "csv")


def write_log(document: Document, form: str, where: Path) -> Path:
    """Write the log in one form and return its path: a file, or for "csv" a folder."""
    writers = {"json": _write_json, "xml": _write_xml, "sqlite": _write_sqlite, "csv": _write_csv}
    path = where / ("log" if form == "csv" else f"log.{form}")
    writers[form](document, path)
    return path


def _write_json(document: Document, path: Path) -> None:
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")


def _write_xml(document: Document, path: Path) -> None:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<log>"]
    for scope in ("object", "event"):
        lines.append(f"<{scope}-types>")
        for declared in document[f"{scope}Types"]:
            lines.append(f"<{scope}-type name={quoteattr(declared['name'])}><attributes>")
            lines += [
                f"<attribute name={quoteattr(a['name'])} type={quoteattr(a['type'])}/>" for a in declared["attributes"]
            ]
            lines.append(f"</attributes></{scope}-type>")
        lines.append(f"</{scope}-types>")
    for scope in ("object", "event"):
        lines.append(f"<{scope}s>")
        for item in document[f"{scope}s"]:
            lines += _xml_item(scope, item)
        lines.append(f"</{scope}s>")
    path.write_text("\n".join([*lines, "</log>", ""]), encoding="utf-8")


def _xml_item(scope: str, item: Document) -> Iterable[str]:
    time = f" time={quoteattr(item['time'])}" if scope == "event" else ""
    yield f"<{scope} id={quoteattr(item['id'])} type={quoteattr(item['type'])}{time}>"
    yield "<attributes>"
    for attribute in item.get("attributes", []):
        at = f" time={quoteattr(attribute['time'])}" if "time" in attribute else ""
        yield f"<attribute name={quoteattr(attribute['name'])}{at}>{escape(text(attribute['value']))}</attribute>"
    yield "</attributes>"
    yield "<objects>"
    for relation in item.get("relationships", []):
        yield f"<relationship object-id={quoteattr(relation['objectId'])} qualifier={quoteattr(relation['qualifier'])}/>"
    yield "</objects>"
    yield f"</{scope}>"


def _write_csv(document: Document, folder: Path) -> None:
    folder.mkdir()
    for name, (columns, rows) in tables(document).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows([text(cell) for cell in row] for row in rows)


def _write_sqlite(document: Document, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for name, (columns, rows) in tables(document).items():
            declared = ", ".join(f'"{column}" {_declared(document, name, column)}' for column in columns)
            connection.execute(f'CREATE TABLE "{name}" ({declared})')
            connection.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(columns))})', rows)
        connection.commit()


def _declared(document: Document, table: str, column: str) -> str:
    """Return the SQL type of a column: of an attribute as declared, of everything else TEXT."""
    kinds = {"string": "TEXT", "time": "TIMESTAMP", "integer": "INTEGER", "float": "REAL", "boolean": "BOOLEAN"}
    scope, _, kind = table.partition("_")
    for declared in document[f"{scope}Types"]:
        if short(declared["name"]) == kind:
            return {a["name"]: kinds[a["type"]] for a in declared["attributes"]}.get(column, "TEXT")
    return "TEXT"


def tables(document: Document) -> dict[str, Table]:
    """Return the tables of the relational form: name → columns, rows."""
    found: dict[str, Table] = {
        "event_map_type": _map(document["eventTypes"]),
        "object_map_type": _map(document["objectTypes"]),
        "event": (["ocel_id", "ocel_type"], [[item["id"], item["type"]] for item in document["events"]]),
        "object": (["ocel_id", "ocel_type"], [[item["id"], item["type"]] for item in document["objects"]]),
        "event_object": (["ocel_event_id", "ocel_object_id", "ocel_qualifier"], _relations(document["events"])),
        "object_object": (["ocel_source_id", "ocel_target_id", "ocel_qualifier"], _relations(document["objects"])),
    }
    for declared in document["eventTypes"]:
        found[f"event_{short(declared['name'])}"] = _event_table(declared, document["events"])
    for declared in document["objectTypes"]:
        found[f"object_{short(declared['name'])}"] = _object_table(declared, document["objects"])
    return found


def short(name: str) -> str:
    """Return the name of a type as its table has it."""
    return "".join(character for character in name if character.isalnum() or character == "_")


def text(value: Any) -> str:
    """Return a value as CSV and XML write it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _map(types: list[Document]) -> Table:
    return ["ocel_type", "ocel_type_map"], [[declared["name"], short(declared["name"])] for declared in types]


def _relations(items: list[Document]) -> list[list[Any]]:
    return [[i["id"], r["objectId"], r["qualifier"]] for i in items for r in i.get("relationships", [])]


def _event_table(declared: Document, events: list[Document]) -> Table:
    names = [attribute["name"] for attribute in declared["attributes"]]
    rows = []
    for item in events:
        if item["type"] == declared["name"]:
            values = {attribute["name"]: attribute["value"] for attribute in item.get("attributes", [])}
            rows.append([item["id"], item["time"], *(values.get(name) for name in names)])
    return ["ocel_id", "ocel_time", *names], rows


def _object_table(declared: Document, objects: list[Document]) -> Table:
    names = [attribute["name"] for attribute in declared["attributes"]]
    rows = []
    for item in objects:
        if item["type"] == declared["name"]:
            initial = {a["name"]: a["value"] for a in item.get("attributes", []) if a["time"].startswith("1970-01-01")}
            rows.append([item["id"], "1970-01-01T00:00:00Z", None, *(initial.get(name) for name in names)])
            for a in item.get("attributes", []):
                if not a["time"].startswith("1970-01-01"):
                    changed = [a["value"] if name == a["name"] else None for name in names]
                    rows.append([item["id"], a["time"], a["name"], *changed])
    return ["ocel_id", "ocel_time", "ocel_changed_field", *names], rows


def small_log() -> Document:
    """Return a log by hand: one order from creation to payment, with everything that the forms write differently."""
    return {
        "objectTypes": [
            {"name": "purchase_order", "attributes": [_typed("Vendor", "string"), _typed("Group", "string")]},
            {"name": "goods receipt", "attributes": [_typed("Posted", "boolean"), _typed("Lines", "integer")]},
            {"name": "payment", "attributes": [_typed("AmountDMBTR", "float")]},
        ],
        "eventTypes": [
            {"name": "Create Purchase Order", "attributes": [_typed("resource", "string"), _typed("score", "float")]},
            {"name": "Create Goods Receipt", "attributes": [_typed("resource", "string")]},
            {"name": "Execute Payment", "attributes": []},
            {"name": "Close Period", "attributes": []},
        ],
        "objects": [
            _object(
                "purchase_order:7",
                "purchase_order",
                _initial("Vendor", 'Müller, "Söhne" & Co'),
                _initial("Group", "003"),
            ),
            _object(
                "goods receipt:1:a",
                "goods receipt",
                _initial("Posted", False),
                _initial("Lines", 3),
                _dated("Posted", "2024-03-05T10:00:00Z", True),
                _dated("Lines", "2024-03-06T10:00:00Z", None),
                links=[("purchase_order:7", "Good Receipts of Purchase Order")],
            ),
            _object("P9", "payment", _initial("AmountDMBTR", 69300.5), links=[("purchase_order:7", "order_pm")]),
        ],
        "events": [
            _event(
                "e3",
                "Execute Payment",
                "2024-03-09 08:00:00",
                ("P9", "payment"),
                ("purchase_order:7", "purchase_order"),
            ),
            _event(
                "e1",
                "Create Purchase Order",
                "2024-03-04T12:30:00.250+01:00",
                ("purchase_order:7", "purchase_order"),
                resource="Ops\nNight",
                score=0.5,
            ),
            _event(
                "e2",
                "Create Goods Receipt",
                "2024-03-05T10:00:00Z",
                ("goods receipt:1:a", "goods receipt"),
                resource="Dock",
            ),
            _event("e4", "Close Period", "2024-03-31T23:59:59Z"),
        ],
    }


def _typed(name: str, kind: str) -> Document:
    return {"name": name, "type": kind}


def _initial(name: str, value: Any) -> Document:
    return _dated(name, "1970-01-01T00:00:00Z", value)


def _dated(name: str, time: str, value: Any) -> Document:
    return {"name": name, "time": time, "value": value}


def _object(identifier: str, kind: str, *attributes: Document, links: Iterable[tuple[str, str]] = ()) -> Document:
    return {"id": identifier, "type": kind, "attributes": list(attributes), "relationships": _related(links)}


def _event(identifier: str, kind: str, time: str, *touched: tuple[str, str], **attributes: Any) -> Document:
    values = [{"name": name, "value": value} for name, value in attributes.items()]
    return {"id": identifier, "type": kind, "time": time, "attributes": values, "relationships": _related(touched)}


def _related(pairs: Iterable[tuple[str, str]]) -> list[Document]:
    return [{"objectId": target, "qualifier": qualifier} for target, qualifier in pairs]
