"""Why records are in quarantine, in words, and what to do about it: one entry for each reason of the landing views."""

from dataclasses import dataclass

from web.words import humanise


@dataclass(frozen=True)
class Refusal:
    """A reason in words, and what helps."""

    title: str
    hint: str


SENDER = "Mend the sender; what waits here can be replayed with a correction."
LIMIT = "Raise the limit if such records are meant to be taken, and replay them; else mend the sender."
REFUSALS: dict[str, Refusal] = {
    "not_an_event": Refusal("Not an event", "A CloudEvent is a JSON object. Mend the sender, and have it send again."),
    "bad_specversion": Refusal(
        "Not CloudEvents 1.0", "Have the sender say specversion 1.0; or replay with specversion corrected."
    ),
    "no_event_type": Refusal("No event type", f"A log record needs an EventName, a CloudEvent a type. {SENDER}"),
    "no_source": Refusal(
        "No integration named",
        f"Set service.name or stallwatch.integration, or the source of a CloudEvent. {SENDER}",
    ),
    "no_timestamp": Refusal("No time", f"Send the time when it happened. {SENDER}"),
    "bad_timestamp": Refusal(
        "A time that cannot be",
        f"Times are of 1990 to 2199; a span ends after it starts; a CloudEvent writes RFC 3339 with its zone. {SENDER}",
    ),
    "too_old": Refusal(
        "Older than is taken", "If such old records are meant to be taken, raise the limit, and replay."
    ),
    "too_far_ahead": Refusal(
        "Ahead of its arrival", "The sender's clock is wrong. Mend it, and replay with the time corrected."
    ),
    "bad_trace_id": Refusal("A trace id that cannot be", f"It has 16 bytes, not all zero. {SENDER}"),
    "bad_span_id": Refusal("A span id that cannot be", f"It has 8 bytes, not all zero. {SENDER}"),
    "bad_parent_span_id": Refusal("A parent span id that cannot be", f"It has 8 bytes, or none. {SENDER}"),
    "wrong_integration": Refusal(
        "In the name of another",
        "The API key speaks for another integration than the record names. Give the sender the right key; replay with "
        "the integration corrected.",
    ),
    "event_type_not_allowed": Refusal(
        "An event type it may not send", "Add the type to the integration's registry entry, and replay."
    ),
    "too_many_attributes": Refusal("Too many attributes", LIMIT),
    "key_too_long": Refusal("An attribute's key is too long", LIMIT),
    "value_too_long": Refusal("A value is too long", LIMIT),
    "array_too_long": Refusal("A list is too long", LIMIT),
    "nested_too_deep": Refusal("Nested too deep", LIMIT),
    "no_subject": Refusal("Describes no object", f"object.described needs a subject. {SENDER}"),
    "bad_object_reference": Refusal(
        "An object reference that cannot be", f"Objects are written type:id, as in invoice:INV-881. {SENDER}"
    ),
    "bad_amount": Refusal("An amount that is no number", f"Write it as 12500.00, without a currency. {SENDER}"),
    "private_identity": Refusal(
        "A private value as identity",
        "An id held a private value that was dropped: two of them could not be told apart. Replay with another "
        "subject, objects or event id. A redaction key, set now, helps later records only.",
    ),
    # Said by the correlator and by replays.
    "conflicting_event": Refusal(
        "Another version holds", "An event of this id was received before, with other content; the first holds."
    ),
    "already_stored": Refusal(
        "Stored meanwhile", "It has come in another request since, and that one holds. Dismiss this one."
    ),
}
UNKNOWN_HINT = "An earlier version said so. Mend the sender, and have it send again."
SKIPPED = {
    "unknown": "there is no such record",
    "already_replayed": "it has been replayed before",
    "being_replayed": "another replay has it in hand; try again in two minutes",
    "not_replayable": "an older version kept it in another form, or it is a version of an event that does not hold: "
    "have its sender send it again",
}


def refusal(reason: str) -> Refusal:
    """Return a reason in words; one that is not known by its own name."""
    return REFUSALS.get(reason, Refusal(humanise(reason), UNKNOWN_HINT))
