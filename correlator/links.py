"""Links between objects: what facts say of each pair, and which links hold by the newest statement.

A statement is told by an event that names both objects, by `object.described`, or by an attribute that the model calls
a reference; `link.withdrawn` takes it back. What is said of a pair is kept as two maxima (last stated, last withdrawn),
so the order of arrival, duplicates and repeated runs cannot matter; at the same instant the withdrawal holds.
An event that names more than MOST_PAIRS pairs of two types does not say which of them belong together: it links none.
While a link is withdrawn, events about its one end that name the other are none of the other's: `withdrawn_namings`
has them, and `current_event_objects` leaves them out.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from correlator.model import JourneyModel
from correlator.own_names import OwnNames

Do = Callable[..., None]  # runs one statement of correlator/sql with the values given, for one run of one model
Rows = Callable[..., list[dict[str, Any]]]
# What one event may link of two types. A payment run names one payment and up to 999 invoices (an event names 1,000
# objects at most), an order its 999 receipts; of 300 orders with 300 receipts it would be 90,000, and 300 are meant.
MOST_PAIRS = 2_000
# Which links hold: of the tables in force through views, of those beside as they are, since a rebuild writes no others
# (`beside`).
IN_FORCE = {"current_links": "current_links", "current_parent_links": "current_parent_links"}


def beside(tables: Mapping[str, str]) -> dict[str, str]:
    """Return which links hold in a rebuild's own tables."""
    return {"current_links": tables["links"], "current_parent_links": tables["parent_links"]}


def note_statements(do: Do, model: JourneyModel, names: OwnNames, since: datetime, until: datetime) -> None:
    """Note what facts stored in the window say of links."""
    do("insert_link_statements", since=since, until=until, attachments=model.attachments, most_pairs=MOST_PAIRS)
    if references := [(*each, names.types_for(each[-1])) for each in model.references]:
        do("insert_referenced_statements", since=since, until=until, references=references)


def follow_links(do: Do, rows: Rows, model: JourneyModel, after: int) -> None:
    """Find which links of the run's objects changed, add their ends to the run's objects, and write them.

    `after` is the revision of the last run that ended: what one that died since had found changed counts as well.
    """
    do("insert_run_links", attachments=model.attachments)
    if rows("count_run_links", after=after)[0]["links"]:
        do("insert_link_ends", after=after)
        do("write_links")


def follow_corrections(do: Do, rows: Rows, model: JourneyModel) -> None:
    """Find which events no longer speak of the run's objects, or do again; add what else they bear on to the run."""
    if rows("count_corrections")[0]["corrections"]:
        do("insert_corrected", types=list(model.objects))
        write_withdrawn_namings(do, model, whole=False)


def write_withdrawn_namings(do: Do, model: JourneyModel, *, whole: bool) -> None:
    """Find which events do not speak of objects of the run that they name, or (`whole`) of any."""
    do("write_withdrawn_namings", whole=whole, types=list(model.objects), most_pairs=MOST_PAIRS)


def derive_links(do: Do, model: JourneyModel, names: OwnNames, since: datetime, until: datetime) -> None:
    """Derive every link from the facts, in the tables beside those in force."""
    note_statements(do, model, names, since, until)
    do("write_every_link", attachments=model.attachments)
    do("insert_parent_links_next")
