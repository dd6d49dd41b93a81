"""One insert: a batch of requests becomes facts and quarantine, or nothing is acknowledged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from collector.receipts import Receipt, Submission
from collector.signals import insert_settings
from core.clickhouse import Database
from core.errors import StoreError
from core.sql import sql

# What ClickHouse says where it fails while it reads the bytes: error 444 or 32, named by the reader it was in.
UNREADABLE = ("Protobuf messages are corrupted", "While executing ProtobufRowInputFormat")
LONGEST_MESSAGE = 1000  # characters: what logs of senders keep


@dataclass(frozen=True)
class Landing:
    """Writes batches of one signal each."""

    database: Database

    def write(self, batch: Sequence[Submission], blocks: Sequence[bytes] | None = None) -> list[Receipt]:
        """Store the batch and return a receipt for each request, in order; safe to repeat.

        The token depends on the requests alone, so a repeat after a lost answer, a restart or an outage stores nothing
        twice. Raises StoreError; StoreUnavailableError where a later try may succeed.
        """
        signal = batch[0].signal
        block = b"".join(blocks or [submission.block for submission in batch])
        settings = insert_settings(self.database, signal)
        self.database.insert_block(signal.table, block, signal.format, token=_token(batch), settings=settings)
        return self._receipts(batch)

    def _receipts(self, batch: Sequence[Submission]) -> list[Receipt]:
        ids = [submission.request_id for submission in batch]
        rows = self.database.rows(sql("collector", "quarantined_by_request"), request_ids=ids)
        rejections = {row["request_id"]: row for row in rows}
        return [_receipt(submission, rejections.get(submission.request_id)) for submission in batch]


def unreadable(error: StoreError) -> bool:
    """Whether ClickHouse could not read the bytes: the one failure that is the request's own fault."""
    return any(words in str(error) for words in UNREADABLE)


def _token(batch: Sequence[Submission]) -> str:
    return sha256("".join(submission.request_id for submission in batch).encode()).hexdigest()


def _receipt(submission: Submission, rejection: Mapping[str, Any] | None) -> Receipt:
    if rejection is None:
        return Receipt(submission.records)
    rejected = int(rejection["rejected"])
    message = f"{rejected} of {submission.records} records are in quarantine: {_reasons(rejection['reasons'])}"
    return Receipt(submission.records - rejected, rejected, message)


def _reasons(reasons: Iterable[tuple[str, int, str]]) -> str:
    """Return the reasons, most frequent first: "2 bad_amount ('much'), 1 no_timestamp"; values are redacted by then."""
    ordered = sorted(reasons, key=lambda each: (-each[1], each[0]))
    told = [f"{records} {reason}" + (f" ({example[:60]!r})" if example else "") for reason, records, example in ordered]
    return ", ".join(told)[:LONGEST_MESSAGE]
