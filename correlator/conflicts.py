"""Conflicts: events told again with other content, of which the version that was received first holds (docs/adr/0018).

Readers of facts leave out what does not hold once it is noticed. What was derived from a version before that is in
links and members, which do not say which event they came from: then the model derives everything anew. A version that
no run of the model could read before it was noticed never counts for it: it is settled, and that is all.
"""

from dataclasses import dataclass
from datetime import datetime

from core.clickhouse import Database
from core.sql import sql


@dataclass(frozen=True)
class Conflicts:
    """What a look at a window found of versions that do not hold.

    `were_derived`: the model may have derived from one. `are_touched`: one was stored in the window, and so touches
    objects that perhaps no other event names.
    """

    were_derived: bool
    are_touched: bool


def look(
    database: Database, model: str, since: datetime, until: datetime, *, after: datetime, whole: bool = False
) -> Conflicts:
    """Note and quarantine versions of events stored in the window (`whole`: ever) that do not hold, and settle them.

    `after`: what was noticed up to then has been looked at by a run that ended. The order makes a run that dies leave
    nothing undone: what is settled is in quarantine, and counts for no run that begins later. Safe to repeat.
    """
    database.execute(sql("correlator", "insert_superseded"), since=since, until=until, whole=whole)
    known = database.rows(sql("correlator", "count_superseded"), after=after)[0]
    found = {"versions": 0, "derived": 0}
    if known["recently"]:
        found = database.rows(sql("correlator", "conflicts_to_follow"), model=model, after=after)[0]
    if found["versions"]:
        database.execute(sql("correlator", "quarantine_superseded"), model=model)
        database.execute(sql("correlator", "settle_superseded"), model=model, after=after)
    return Conflicts(bool(found["derived"]), bool(known["ever"]) and _touch(database, since, until))


def _touch(database: Database, since: datetime, until: datetime) -> bool:
    found = database.rows(sql("correlator", "count_superseded_in_window"), since=since, until=until)
    return bool(found[0]["touched"])


def begin(database: Database, model: str, until: datetime) -> None:
    """Write down that a run of the model begins which reads facts up to `until`, before it reads any."""
    database.insert("runs_begun", ("model", "until"), [(model, until)])
