"""The accounts of a round: what stands, read as readers read, against what was sent and what the senders were told."""

import re
from collections import Counter
from typing import Any

from support.chaos_traffic import Delivery, Traffic

from collector.quarantine import QuarantineStore
from core.clickhouse import Database

EVERYTHING = 1_000_000
STANDING = """
SELECT
    (SELECT groupArray(event_id) FROM
        (SELECT event_id FROM current_events WHERE integration = {name:String} LIMIT 1 BY integration, event_id)) AS events,
    (SELECT groupArray(marker) FROM
        (SELECT attributes_string['marker'] AS marker FROM spans WHERE integration = {name:String} LIMIT 1 BY trace_id, span_id)) AS spans,
    (SELECT groupArray(event_id) FROM object_states FINAL WHERE integration = {name:String}) AS states,
    (SELECT count() FROM events FINAL WHERE integration = {name:String}) AS final_events,
    (SELECT count() FROM spans FINAL WHERE integration = {name:String}) AS final_spans,
    (SELECT count() FROM event_objects FINAL WHERE integration = {name:String}) AS event_objects,
    (SELECT count() FROM span_objects FINAL WHERE integration = {name:String}) AS span_objects,
    (SELECT uniqExact(trace_id) FROM trace_index WHERE trace_id IN (SELECT trace_id FROM spans WHERE integration = {name:String})) AS traces,
    (SELECT count() FROM events WHERE integration = {name:String})
        + (SELECT count() FROM spans WHERE integration = {name:String}) - final_events - final_spans AS stored_again
"""


def standing(database: Database, name: str) -> dict[str, Any]:
    """What stands of a round: the markers in each table, and (marker, reason, request) of each record in quarantine."""
    page = QuarantineStore(database).page(EVERYTHING).items
    markers = [(re.search(rf"{name}-\d+", record.record), record) for record in page]
    quarantined = [[found[0], record.reason, record.request_id] for found, record in markers if found]
    return database.rows(STANDING, name=name)[0] | {"quarantined": quarantined}


def wrong_in_the_store(sent: Traffic, stands: dict[str, Any]) -> list[str]:
    """Every way in which the store is not what was sent; [] where each record stands once, and nothing else does."""
    events = {r.marker for r in sent.of("logs", "cloudevents") if not r.poison and not r.described}
    states = {r.marker for r in sent.of("logs", "cloudevents") if r.described}
    spans = {r.marker for r in sent.of("traces") if not r.poison}
    poisoned = {r.marker: r.poison for r in sent.of("logs", "traces", "cloudevents") if r.poison}
    objects = {r.marker: r.objects for r in sent.records}
    counts = {
        "final_events": len(events),
        "final_spans": len(spans),
        "traces": len(spans),
        "event_objects": sum(objects[marker] + 1 for marker in events),
        "span_objects": sum(objects[marker] for marker in spans),
    }
    wrong = [
        _difference(name, wanted, stands[name])
        for name, wanted in (("events", events), ("states", states), ("spans", spans))
    ]
    wrong += [
        f"{name}: {wanted} wanted, {stands[name]} stand" for name, wanted in counts.items() if stands[name] != wanted
    ]
    return [*filter(None, wrong), *_wrong_in_quarantine(poisoned, _requests(sent), stands["quarantined"])]


def _difference(name: str, wanted: set[str], found: list[str]) -> str:
    twice = [marker for marker, times in Counter(found).items() if times > 1]
    lost, extra = sorted(wanted - set(found)), sorted(set(found) - wanted)
    return f"{name}: lost {lost[:9]}, never sent {extra[:9]}, twice {twice[:9]}" if lost or extra or twice else ""


def _requests(sent: Traffic) -> Counter[str]:
    """In how many different requests each record was sent; a copy of a request is the same one."""
    different = {tuple(record.marker for record in one.records) for one in sent.deliveries if not one.malformed}
    return Counter(marker for markers in different for marker in set(markers))


def _wrong_in_quarantine(wanted: dict[str, str], requests: Counter[str], found: list[list[str]]) -> list[str]:
    """A record is there for its reason, and once for each request that brought it, however often that was sent."""
    reasons = {(marker, reason) for marker, reason, _ in found}
    wrong = [f"quarantine: {sorted(reasons ^ set(wanted.items()))[:9]}"] if reasons != set(wanted.items()) else []
    too_often = Counter(marker for marker, _, _ in found) - requests
    return wrong + ([f"quarantine: too often {sorted(too_often.items())[:9]}"] if too_often else [])


def wrong_in_the_answers(answers: list[tuple[Delivery, int, int]]) -> list[str]:
    """Every final answer (status, records rejected) that was not the true one."""
    return [
        f"{one.signal}, {len(one.records)} records, {one.bad} bad, malformed {one.malformed}: answered {status}, {rejected} rejected"
        for one, status, rejected in answers
        if (status, rejected) != ((400, 0) if one.malformed else (200, one.bad))
    ]
