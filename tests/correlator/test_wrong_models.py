"""What is said of a model that is wrong: file, line and column, what is wrong, and how to mend it; all of it at once."""

from pathlib import Path

import pytest
from support.wrong_models import DURATIONS, SOUND, told

FLOWS = "two_way, three_way, receipt_based, consignment, evaluated_receipt, bill_only, blanket, non_po"

WRONG: dict[str, tuple[str, str, list[str]]] = {
    "a key that nobody knows": (
        "    owner: Receiving",
        "    ownr: Receiving",
        [":17:5: handoffs.signature_to_delivery.ownr: unknown key; did you mean 'owner'?"],
    ),
    "a key that is like none": (
        "{title: Lease}",
        "{colour: red}",
        [":6:11: objects.lease.colour: unknown key; known are: title, aliases, attaches_via, references"],
    ),
    "a key of another place": (
        "version: 1",
        "version: 1\nattach_via: [x]",
        [
            ":3:1: attach_via: unknown key; known are: model, version, title, anchor, objects, events, milestones, handoffs"
        ],
    ),
    "a key that is missing": ("title: Equipment leases\n", "", [":1:1: title: is missing; add it"]),
    "a key that is missing within": (
        "    stop: [delivery.posted]\n",
        "",
        [":12:3: handoffs.signature_to_delivery.stop: is missing; add it"],
    ),
    "a number for a text": (
        "title: Equipment leases",
        "title: 7",
        [":3:1: title: 7 is not text; put it in quotes"],
    ),
    "nothing for a text": ("title: Equipment leases", "title:", [":3:1: title: nothing where text is expected"]),
    "a list for a text": (
        "anchor: lease",
        "anchor: [lease]",
        [":4:1: anchor: a list where text is expected"],
    ),
    "a text for a number": (
        "version: 1",
        "version: one",
        [":2:1: version: 'one' where a whole number is expected"],
    ),
    "a version of nought": (
        "version: 1",
        "version: 0",
        [":2:1: version: 0 must be greater than or equal to 1"],
    ),
    "a number that is too long to be one": (
        "version: 1",
        f"version: {'9' * 5000}",
        [f":2:1: version: '{'9' * 59}… where a whole number is expected"],
    ),
    "a text for a list": (
        "[delivery.posted]",
        "delivery.posted",
        [
            (
                ":16:5: handoffs.signature_to_delivery.stop: 'delivery.posted' where a list is expected; "
                "write [delivery.posted]"
            )
        ],
    ),
    "a list for keys with values": (
        "milestones:\n  signed: {event: lease.signed, title: Signed}",
        "milestones: [signed]",
        [":9:1: milestones: a list where keys with values are expected; write key: value"],
    ),
    "no start": (
        "start: [lease.signed]",
        "start: []",
        [":15:5: handoffs.signature_to_delivery.start: needs at least one entry"],
    ),
    "an event type in other letters": (
        "start: [lease.signed]",
        "start: [Lease.Signed]",
        [
            (
                ":15:13: handoffs.signature_to_delivery.start.0: 'Lease.Signed' is no event type: write object.what_happened"
                " in small letters, as in invoice.received; did you mean 'lease.signed'?"
            )
        ],
    ),
    "an event type without its object": (
        "{event: lease.signed",
        "{event: signed",
        [
            (
                ":10:12: milestones.signed.event: 'signed' is no event type: write object.what_happened in small letters, "
                "as in invoice.received"
            )
        ],
    ),
    "a name in other letters": (
        "model: leases",
        "model: Equipment Leases",
        [
            (
                ":1:1: model: 'Equipment Leases' is no name of a model: write small letters, digits and -, "
                "as in procure-to-pay; did you mean 'equipment-leases'?"
            )
        ],
    ),
    "no duration": (
        "{standard: 5bd}",
        "{standard: 5 days}",
        [f":21:14: handoffs.signature_to_delivery.target.standard: '5 days' is not a duration: {DURATIONS}"],
    ),
    "a duration of nought": (
        "{standard: 5bd}",
        "{standard: 0h}",
        [f":21:14: handoffs.signature_to_delivery.target.standard: '0h' is not a duration: {DURATIONS}"],
    ),
    "a criticality that is none": (
        "{standard: 5bd}",
        "{standrd: 5bd}",
        [":21:14: handoffs.signature_to_delivery.target.standrd: unknown key; did you mean 'standard'?"],
    ),
    "a flow that is none": (
        "[two_way]",
        "[two way]",
        [f":18:18: handoffs.signature_to_delivery.flow_types.0: 'two way' is none of {FLOWS}; did you mean 'two_way'?"],
    ),
    "an anchor that is no object": (
        "anchor: lease",
        "anchor: leese",
        [
            ":4:1: anchor: the anchor 'leese' is not among the objects; did you mean 'lease'?",
        ],
    ),
    "an anchor that attaches": (
        "{title: Lease}",
        "{attaches_via: [invoice]}",
        [":6:11: objects.lease.attaches_via: the anchor 'lease' may not attach to anything; remove its attaches_via"],
    ),
    "an attachment to no object": (
        "attaches_via: [delivery, lease]",
        "attaches_via: [delivry, lease]",
        [
            (
                ":8:28: objects.invoice.attaches_via.0: names 'delivry', which is not among the objects; "
                "did you mean 'delivery'?"
            )
        ],
    ),
    "an object that reaches nothing": (
        "  delivery: {attaches_via: [lease]}",
        "  delivery: {}",
        [":7:3: objects.delivery: reaches no anchor; give it attaches_via, or remove it"],
    ),
    "a circle": (
        "  delivery: {attaches_via: [lease]}",
        "  delivery: {attaches_via: [invoice]}",
        [
            (
                ":7:14: objects.delivery.attaches_via: goes round in a circle: delivery → invoice → delivery; "
                "take one of these steps out"
            )
        ],
    ),
    "an object that attaches to itself": (
        "  delivery: {attaches_via: [lease]}",
        "  delivery: {attaches_via: [lease, delivery]}",
        [
            (
                ":7:14: objects.delivery.attaches_via: goes round in a circle: delivery → delivery; "
                "take one of these steps out"
            )
        ],
    ),
    "a reference to no object": (
        "{lease_no: lease}",
        "{lease_no: contract}",
        [
            (
                ":8:59: objects.invoice.references.lease_no: names 'contract', which is not among the objects; "
                "known are: lease, delivery, invoice"
            )
        ],
    ),
    "a reference to what never attaches": (
        "attaches_via: [delivery, lease]",
        "attaches_via: [delivery]",
        [
            (
                ":8:52: objects.invoice.references.lease_no: names 'lease', but neither attaches to the other; "
                "add it to an attaches_via"
            )
        ],
    ),
    "a handoff on no object": (
        "    on: lease",
        "    on: lesae",
        [
            (
                ":14:5: handoffs.signature_to_delivery.on: is on 'lesae', which is not among the objects; "
                "did you mean 'lease'?"
            )
        ],
    ),
    "a need on no object": (
        "on: lease, summary",
        "on: site, summary",
        [
            (
                ":20:37: handoffs.signature_to_delivery.needs.0.on: is on 'site', which is not among the objects; "
                "known are: lease, delivery, invoice"
            )
        ],
    ),
    "an event of two roles": (
        "stop: [delivery.posted]",
        "stop: [lease.signed]",
        [
            (
                ":12:3: handoffs.signature_to_delivery: lease.signed may have one role only: start, stop, cancel, pause, "
                "resume or reopen_on"
            )
        ],
    ),
    "a clock that stops for good": (
        "    owner: Receiving",
        "    pause: [lease.held]",
        [
            (
                ":12:3: handoffs.signature_to_delivery: pause without resume: name the events that start the clock again, "
                "or remove pause"
            )
        ],
    ),
    "a key that is given twice": (
        "version: 1",
        "version: 1\nversion: 2",
        [":3:1: version: this key is given twice; keep one"],
    ),
    "an object that is given twice": (
        "  delivery: {",
        "  lease: {",
        [
            ":7:3: objects.lease: this key is given twice; keep one",
            ":7:11: objects.lease.attaches_via: the anchor 'lease' may not attach to anything; remove its attaches_via",
            (
                ":8:28: objects.invoice.attaches_via.0: names 'delivery', which is not among the objects; "
                "known are: lease, invoice"
            ),
        ],
    ),
    "a tab": (
        "    on: lease",
        "\ton: lease",
        [
            ":14:1: not valid YAML: found character '\\t' that cannot start any token (a tab; indent with spaces)",
        ],
    ),
    "a line out of its column": (
        "    on: lease",
        "     on: lease",
        [
            (
                ":14:8: not valid YAML: mapping values are not allowed here "
                "(a text that holds a colon needs quotes, and a key a line of its own)"
            )
        ],
    ),
    "a bracket that stays open": (
        "    start: [lease.signed]",
        "    start: [lease.signed",
        [
            ":16:9: not valid YAML: expected ',' or ']', but got ':' (a bracket is opened and not closed)",
        ],
    ),
    "a quote that stays open": (
        "title: Equipment leases",
        'title: "Equipment leases',
        [":22:1: not valid YAML: found unexpected end of stream (a quote is opened and not closed)"],
    ),
    "an alias": (
        "  delivery: {attaches_via: [lease]}",
        "  delivery: &one {attaches_via: [lease]}\n  return: *one",
        [":8:11: not valid YAML: *one is an alias, which definition files do not take; write the value out"],
    ),
    "a tag": (
        "version: 1",
        "version: !!int one",
        [":2:10: not valid YAML: a tag (!…), which definition files do not take; write the plain value"],
    ),
    "a second document": (
        "anchor: lease",
        "---\nanchor: lease",
        [
            ":4:1: not valid YAML: but found another document (one file holds one definition; remove the line ---)",
        ],
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_model_says_where_what_and_how_to_mend_it(tmp_path: Path, what: str) -> None:
    old, new, expected = WRONG[what]
    assert SOUND.count(old) == 1
    file = tmp_path / "leases.yaml"
    file.write_text(SOUND.replace(old, new), encoding="utf-8")

    assert told(file) == expected
