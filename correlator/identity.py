"""Identity: several ids of one object, one per system, of which the smallest is the object's own.

Which ids are one object is said by `object.same_as` and taken back by `link.withdrawn`; what is said of a pair is kept
as for links (`links.py`), and identity is transitive. Everything derived speaks of the object's own id; `identities`
leads from another id to it, and `current_event_objects` has an object's events under its own id, whichever they named.
"""

from datetime import datetime

from correlator.links import Do, Rows


def resolve(
    do: Do, rows: Rows, since: datetime, until: datetime, *, whole: bool = False, renamed: bool = False
) -> bool:
    """Find out anew which object each id stands for: ids that facts of the window touched, or (`whole`) all ids.

    `renamed`: types have other names than when statements were noted (correlator/own_names.py). Return whether there
    were any such ids.

    Each step is safe to repeat, and the order is such that a run that dies leaves nothing that the next one misses.
    """
    if renamed:
        do("forget_renamed_identity_statements")
    if whole:
        do("forget_superseded_identity_statements")
    do("insert_identity_statements", since=since, until=until)
    do("insert_run_identities", since=since, until=until, whole=whole)
    if not (found := _spread(do, rows)) and not whole:
        return False
    do("write_aliases")
    do("write_aliased_event_objects", since=since, until=until, whole=whole)
    do("write_gone_aliased_event_objects", whole=whole)
    do("write_gone_aliases", whole=whole)
    do("write_identities", whole=whole)
    return found


def _spread(do: Do, rows: Rows) -> bool:
    """Spread the smallest id over everything that is one object; return whether there is anything to resolve."""
    count = 0
    while rows("count_run_identities", round=count)[0]["changed"]:
        count += 1
        do("spread_run_identities", round=count)
    return count > 0
