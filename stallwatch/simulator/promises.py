"""What suppliers promise: mostly a date, at times an hour; a few say nothing, or nothing that can be read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from core.vocabulary import ObjectRef
from stallwatch.simulator.records import Event
from stallwatch.simulator.track import Track

PROMISED = "promised_at"
SILENT, VAGUE, BY_DATE = 0.06, 0.1, 0.75  # up to which lot a supplier says nothing, nothing readable, or a date
VAGUE_WORDS = ("next week", "TBD", "as soon as possible")
LEAST, MOST = 0.8, 1.6  # of what the model allows for a receipt


def promise(track: Track, order: ObjectRef, after: float) -> tuple[tuple[str, str], ...]:
    """Say when the goods of an order will come, in the word that its supplier sends `after` seconds."""
    # Chances of its own, so that what is promised changes nothing else that happens.
    rng = Random(f"{order}:{track.now.isoformat()}")
    lot = rng.random()
    if lot < SILENT:
        return ()
    if lot < VAGUE:
        return ((PROMISED, rng.choice(VAGUE_WORDS)),)
    ahead = after + track.allowance("order_to_receipt") * rng.uniform(LEAST, MOST)
    local = (track.now + timedelta(seconds=ahead)).astimezone(ZoneInfo(track.facility.time_zone))
    if lot < BY_DATE:
        return ((PROMISED, local.date().isoformat()),)
    return ((PROMISED, local.replace(minute=0, second=0, microsecond=0).isoformat()),)


@dataclass(frozen=True, slots=True)
class Word:
    """What one event of an object said of it: `attributes` as they were sent."""

    told_at: datetime
    event_id: str
    attributes: Mapping[str, str]


def words(events: Iterable[Event]) -> dict[ObjectRef, list[Word]]:
    """Return what the events of each object said of it beyond its dimensions, the newest first."""
    found: dict[ObjectRef, list[Word]] = {}
    for event in sorted(events, key=lambda each: (each.occurred_at, each.event_id), reverse=True):
        if event.attributes:
            word = Word(event.occurred_at, event.event_id, dict(event.attributes))
            found.setdefault(event.subject, []).append(word)
    return found


def promised(
    said: Iterable[Word], attribute: str, zone: ZoneInfo, opened_at: datetime, ended_at: datetime | None
) -> datetime | None:
    """Return the newest time that was promised by the end, and not for before the beginning; a date means its end."""
    for word in said:
        at = _read(word.attributes.get(attribute, ""), zone)
        if at is not None and at >= opened_at and (ended_at is None or word.told_at <= ended_at):
            return at
    return None


def _read(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        if "T" in text:
            return datetime.fromisoformat(text).astimezone(UTC)
        following = date.fromisoformat(text) + timedelta(days=1)
        return datetime.combine(following, time(), tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None
