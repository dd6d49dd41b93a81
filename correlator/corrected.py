"""Which outcomes a late event amended: what nobody had been told when it fell due, that it had ended in time. Pure.

An outcome is corrected where the handoff was known to be open when it fell due, nobody had told by then that it had
ended as it did, and it is known now that it had: closed or cancelled by its due time. When it fell due it stood
otherwise: as bad, as stale where who should have told it was silent, or as ended the other way (cancelled, if it is
closed now). A telling that it ended too late does not correct it: of an end that is told repeatedly the first counts
that says it was in time (correlator/sql/ended_told.sql); of one on linked documents by `first` or `all` the first
telling counts, whatever it says. Of what nobody knew when it fell due (an archive that is read in later) no outcome
stood that could be amended. The due time is the one that holds now, whatever was promised or paused since: that it
moved is no correction. Nor is what a reversal that is told late makes bad of good (docs/objectives.md).
slo/sql/outcomes_counted.sql says the same of the promises behind an objective; of a limit of its own too, but which
telling counts, the handoff's due time has chosen.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def corrected_at(row: Mapping[str, Any], as_of: datetime) -> datetime | None:
    """Return when a row of `handoffs` was corrected: when its end was told. None where it was not, by `as_of`."""
    ended_at, due_at, told_at = row["closed_at"] or row["cancelled_at"], row["due_at"], row["ended_received_at"]
    if ended_at is None or due_at is None or told_at is None or ended_at > min(due_at, as_of):
        return None
    return told_at if row["opened_received_at"] <= due_at < told_at <= as_of else None
