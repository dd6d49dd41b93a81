"""Handoff instances by how long they lasted, as drawn by numpy for an oracle."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from support.handoff_rows import HandoffRow

AS_OF = datetime(2026, 3, 4, 12, tzinfo=UTC)


def rows_of(micros: np.ndarray, ended: np.ndarray, **fields: Any) -> list[HandoffRow]:
    """Instances that lasted so long: 0 still open at AS_OF, 1 closed, 2 cancelled."""
    rows = []
    for number, (lasted, how) in enumerate(zip(micros.tolist(), ended.tolist(), strict=True)):
        opened, end = AS_OF - timedelta(microseconds=lasted), AS_OF
        rows.append(
            HandoffRow(
                f"{fields}{number}",
                opened_at=opened,
                closed_at=end if how == 1 else None,
                cancelled_at=end if how == 2 else None,
                **fields,
            )
        )
    return rows
