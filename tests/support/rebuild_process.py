"""Rebuilds that are interrupted between two statements, here or in a process of their own.

`python rebuild_process.py DIR` derives what stands in DIR by one model, prints what readers see, rebuilds by another
model, and prints again; with a further argument it is killed right before the first statement that holds it.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from support.facts import MONDAY, fact, store

from core.clickhouse import Database
from core.clock import SystemClock
from core.logs import configure_logs
from core.migrations import migrate
from correlator.loading import load_models
from correlator.tick import Correlator

(P2P,) = load_models(["procure-to-pay"])
# The same facts make other journeys where quotations are the anchor: their orders are members, and so on down.
MOVED = P2P.model_copy(
    update={
        "anchor": "quotation",
        "objects": dict(P2P.objects)
        | {
            "quotation": P2P.objects["quotation"].model_copy(update={"attaches_via": ()}),
            "purchase_order": P2P.objects["purchase_order"].model_copy(update={"attaches_via": ("quotation",)}),
        },
    }
)
ORDERS = 200
# What each makes of an order with a quotation and an invoice: the roots of journeys, and how much there is of what.
BY_ORDER = {"roots": ["purchase_order"], "journeys": ORDERS, "links": 2 * ORDERS, "members": 3 * ORDERS}
BY_QUOTATION = BY_ORDER | {"roots": ["quotation"]}
# Each count joins two tables: of two derivations that met in one answer, rows would find no partner.
TOGETHER = """
SELECT (SELECT groupUniqArray(root_type::String) FROM journeys FINAL) AS roots,
    (SELECT count() FROM journeys FINAL) AS journeys,
    (SELECT count() FROM (SELECT child_type, child_id, parent_type, parent_id FROM links FINAL
        INNER JOIN (SELECT DISTINCT child_type, child_id, parent_type, parent_id FROM parent_links) AS by_parent
        USING (child_type, child_id, parent_type, parent_id))) AS links,
    (SELECT count() FROM (SELECT root_type, root_id, object_type, object_id FROM journey_members FINAL
        INNER JOIN (SELECT root_type, root_id FROM journeys FINAL) AS journey USING (root_type, root_id)
        INNER JOIN (SELECT object_type, object_id, root_type, root_id FROM object_journeys FINAL) AS by_object
        USING (object_type, object_id, root_type, root_id))) AS members
"""


class Interrupted(Database):
    """A database that does something right before the first statement that holds a text."""

    _interruption: tuple[str, Callable[[], None]] = ("no statement holds this", lambda: None)
    _whole: "Interrupted | None" = None  # of a node: the cluster's database, which is interrupted wherever it works

    @property
    def nodes(self) -> Sequence[Database]:
        found = super().nodes
        for node in found:
            if isinstance(node, Interrupted) and node is not self:
                node._whole = self
        return found

    def interrupt(self, text: str, act: Callable[[], None]) -> "Interrupted":
        """Do `act` before the first statement that holds `text`."""
        self._interruption = (text, act)
        return self

    def execute(self, statement: str, settings: Mapping[str, Any] | None = None, **values: Any) -> None:
        self._act_before(statement)
        super().execute(statement, settings, **values)

    def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, token: str | None = None
    ) -> None:
        self._act_before(f"INSERT INTO {table}")
        super().insert(table, columns, rows, token=token)

    def _act_before(self, statement: str) -> None:
        whole = self._whole or self
        text, act = whole._interruption
        if text in statement:
            whole._interruption = ("no statement holds this", act)
            act()


def store_orders(database: Database) -> None:
    """Store orders, each with a quotation and an invoice."""
    asked = [
        fact(f"q{n}", "quotation.requested", MONDAY, f"quotation:{n}", f"purchase_order:{n}") for n in range(ORDERS)
    ]
    billed = [fact(f"i{n}", "invoice.received", MONDAY, f"invoice:{n}", f"purchase_order:{n}") for n in range(ORDERS)]
    store(database, asked + billed)


def main(directory: str, interruption: str = "no statement holds this") -> None:
    """Rebuild by another model than what stands in the directory was derived by."""
    database = Interrupted.open(f"chdb://{directory}")
    assert isinstance(database, Interrupted)
    if migrate(database, SystemClock()):
        store_orders(database)
        Correlator(database, P2P, SystemClock()).rebuild()
    database.interrupt(interruption, lambda: os.kill(os.getpid(), signal.SIGKILL))
    print(json.dumps(database.rows(TOGETHER)[0]), flush=True)
    Correlator(database, MOVED, SystemClock()).tick()
    print(json.dumps(database.rows(TOGETHER)[0]), flush=True)


if __name__ == "__main__":
    configure_logs()  # on standard error: what is printed is for whoever started it
    main(*sys.argv[1:])
