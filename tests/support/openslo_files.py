"""A sound OpenSLO file over a model of its own, to be made wrong, and what is said of it."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from core.problems import WrongDefinitionError
from correlator.loading import load_models
from correlator.model import JourneyModel
from slo.objective_loading import LoadedObjectives, load_objectives

MODEL = """\
model: leases
version: 1
title: Equipment leases
anchor: lease
objects: {lease: {}, delivery: {attaches_via: [lease]}, invoice: {attaches_via: [delivery]}}
handoffs:
  signature_to_delivery:
    title: Signature to delivery
    on: lease
    start: [lease.signed]
    stop: [delivery.posted]
    owner: Receiving
    target: {clinical-critical: 8bh, standard: 5bd, low: 10bd}
  delivery_to_invoice:
    title: Delivery to invoice
    on: delivery
    start: [delivery.posted]
    stop: [invoice.received]
    owner: Accounts payable
    target: {clinical-critical: 4h, standard: 8h, low: 24h}
"""
SOUND = """\
apiVersion: openslo/v1
kind: Service
metadata: {name: leasing, displayName: Leasing, labels: {owner: Equipment}}
---
apiVersion: openslo/v1
kind: SLI
metadata:
  name: delivered
spec:
  ratioMetric:
    good:
      metricSource:
        type: stallwatch
        spec: {model: leases, handoff: signature_to_delivery, outcome: good}
    total:
      metricSource:
        type: stallwatch
        spec: {model: leases, handoff: signature_to_delivery, outcome: decided}
---
apiVersion: openslo/v1
kind: SLI
metadata:
  name: invoiced
spec:
  thresholdMetric:
    metricSource:
      type: stallwatch
      spec: {model: leases, handoff: delivery_to_invoice, measure: business_hours}
---
apiVersion: openslo/v1
kind: AlertCondition
metadata:
  name: fast
spec:
  severity: page
  condition: {kind: burnrate, op: gt, threshold: 6, lookbackWindow: 6h, alertAfter: 0m}
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata:
  name: tell
spec:
  alertWhenBreaching: true
  conditions:
    - conditionRef: fast
---
apiVersion: openslo/v1
kind: SLO
metadata:
  name: deliveries
spec:
  service: leasing
  indicatorRef: delivered
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.9
  alertPolicies:
    - alertPolicyRef: tell
---
apiVersion: openslo/v1
kind: SLO
metadata:
  name: invoices
spec:
  service: leasing
  indicatorRef: invoiced
  timeWindow:
    - duration: 1M
      calendar: {startTime: 2026-01-01 00:00:00, timeZone: America/Chicago}
  budgetingMethod: Timeslices
  objectives:
    - {op: lte, value: 8, target: 0.8, timeSliceTarget: 0.9, timeSliceWindow: 6h}
"""


@cache
def models() -> tuple[JourneyModel, ...]:
    """The model that the file is over."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "leases.yaml"
        file.write_text(MODEL, encoding="utf-8")
        return load_models([str(file)])


def edited(*edits: tuple[str, str], text: str = SOUND) -> str:
    """Return the text with the first of each `old` changed; each must be there."""
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def loaded(folder: Path, *texts: str) -> LoadedObjectives:
    """Load the objectives of files with these texts."""
    return load_objectives(written(folder, *texts), models())


def written(folder: Path, *texts: str) -> list[str]:
    """Write texts into files, and return their paths."""
    files = [folder / f"objectives{number or ''}.yaml" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return [str(file) for file in files]


def told(folder: Path, *texts: str) -> list[str]:
    """Return what is said of wrong files, without their folder."""
    with pytest.raises(WrongDefinitionError) as refused:
        loaded(folder, *texts)
    return [str(problem).replace(f"{folder}/", "") for problem in refused.value.problems]


def warned(folder: Path, *texts: str) -> list[str]:
    """Return what is said of files that can be read, without their folder."""
    return [str(warning).replace(f"{folder}/", "") for warning in loaded(folder, *texts).warnings]


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


def slo(spec: str, name: str = "deliveries") -> str:
    return (
        f"apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: {name}}}\nspec:\n  service: leasing\n{indented(spec, 2)}"
    )
