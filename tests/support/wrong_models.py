"""A sound model to be made wrong, and what is said of a file with one."""

from pathlib import Path

import pytest

from core.problems import WrongDefinitionError
from correlator.loading import load_models

SOUND = """\
model: leases
version: 1
title: Equipment leases
anchor: lease
objects:
  lease: {title: Lease}
  delivery: {attaches_via: [lease]}
  invoice: {attaches_via: [delivery, lease], references: {lease_no: lease}}
milestones:
  signed: {event: lease.signed, title: Signed}
handoffs:
  signature_to_delivery:
    title: Signature to delivery
    on: lease
    start: [lease.signed]
    stop: [delivery.posted]
    owner: Receiving
    flow_types: [two_way]
    needs:
      - {event: delivery.announced, on: lease, summary: Not announced}
    target: {standard: 5bd}
"""
DURATIONS = "write 30m, 4h or 2d (clock), 8bh (business hours), 3bd (business days)"


def told(file: Path) -> list[str]:
    with pytest.raises(WrongDefinitionError) as refused:
        load_models([str(file)])
    return [str(problem).removeprefix(str(file)) for problem in refused.value.problems]
