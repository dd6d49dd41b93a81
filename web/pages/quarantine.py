"""Quarantine: records that were refused, why, what to do about it; one of them in full; and taking it in after all."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from collector.corrections import fields_of
from collector.quarantine import EVERY, SIGNALS, STATUSES, QuarantineCount, QuarantineFile, QuarantineFilter
from collector.replay import ReplayOutcome
from core.errors import MisuseError
from web.api.wire_quarantine import QuarantineParameters
from web.facets import Chip, Facet
from web.form_key import KEY, Form, FormAdministrator, FormFields
from web.links import Address
from web.pages.shared import render, services_of
from web.refusals import SKIPPED, refusal
from web.words import humanise

TITLES = {"reason": "Reason", "integration": "Integration", "signal": "Signal", "status": "Status"}
WAITING = ("open", "refused")  # somebody still has to decide
router = APIRouter()


class PageParameters(QuarantineParameters):
    """The query string of the page; what else an address carries from other pages changes nothing here."""

    model_config = ConfigDict(extra="ignore")


class Group(BaseModel):
    """Records that wait for the same reason from the same integration."""

    reason: str
    integration: str
    records: int


@router.get("/quarantine")
def quarantine(request: Request, asked: Annotated[PageParameters, Query()]) -> Response:
    """Show refused records newest first. Their content stays on their own pages."""
    services, chosen = services_of(request), asked.chosen()
    everything = services.quarantine.counts(EVERY)
    return render(
        request,
        "quarantine",
        page=services.quarantine.page(asked.limit, asked.cursor, chosen),
        groups=groups(services.quarantine.counts(chosen)),
        facets=facets(everything, chosen),
        chips=chips(request),
        any_at_all=bool(everything),
        now=services.clock.now(),
        paged=asked.cursor is not None,
        refusal=refusal,
        choice=choice,
    )


@router.get("/quarantine/{record_id}")
def quarantined(request: Request, record_id: str) -> Response:
    """Show one record, what was done about it, and a form to replay it."""
    return show(request, services_of(request).quarantine.record(record_id))


@router.post("/quarantine/{record_id}/replay")
def replay(request: Request, record_id: str, form: FormFields, by: FormAdministrator) -> Response:
    """Replay one record with what the form says anew, and show what became of it."""
    services = services_of(request)
    given = {name: text for name, text in form.items() if text and name != KEY}
    try:
        report = services.replays.replay(QuarantineFilter(ids=(record_id,)), by, given)
    except MisuseError as error:
        return show(request, services.quarantine.record(record_id), form=form, trouble=str(error))
    return show(request, services.quarantine.record(record_id), outcome=report.outcomes[0])


@router.post("/quarantine/{record_id}/dismiss")
def dismiss(request: Request, record_id: str, form: FormFields, by: FormAdministrator) -> Response:
    """Leave one record as it is."""
    services = services_of(request)
    try:
        services.quarantine.dismiss([record_id], form.get("because", ""), by, services.clock)
    except MisuseError as error:
        return show(request, services.quarantine.record(record_id), form=form, trouble=str(error))
    return show(request, services.quarantine.record(record_id))


def show(
    request: Request,
    found: QuarantineFile,
    *,
    form: Form | None = None,
    trouble: str = "",
    outcome: ReplayOutcome | None = None,
) -> Response:
    """Render the page of one record, with what became of a replay, or why there was none."""
    return render(
        request,
        "quarantined",
        found=found,
        record=found.record,
        content=json.dumps(found.content, indent=2, ensure_ascii=False),
        fields=fields_of(found.record.signal) if found.record.replayable else (),
        form={name: text for name, text in (form or {}).items() if name != KEY},
        trouble=trouble,
        outcome=outcome,
        skipped=SKIPPED,
        now=services_of(request).clock.now(),
        refusal=refusal,
    )


def groups(counts: Sequence[QuarantineCount]) -> list[Group]:
    """Return how many records wait by reason and integration, most first."""
    waiting: Counter[tuple[str, str]] = Counter()
    for each in counts:
        if each.status in WAITING:
            waiting[each.reason, each.integration] += each.records
    return [
        Group(reason=reason, integration=integration, records=records)
        for (reason, integration), records in waiting.most_common()
    ]


def facets(counts: Sequence[QuarantineCount], chosen: QuarantineFilter) -> list[Facet]:
    """Return what can be chosen, with what is; a chosen value stays on offer even where nothing has it any more."""
    known = {"signal": SIGNALS, "status": STATUSES}
    return [
        Facet(name, title, tuple(dict.fromkeys((*options, *getattr(chosen, name)))), getattr(chosen, name))
        for name, title in TITLES.items()
        for options in [known.get(name) or sorted({getattr(each, name) for each in counts} - {""})]
    ]


def chips(request: Request) -> list[Chip]:
    """Return the filters in force, in the order of the address."""
    address = Address.of(request.url.path, request.query_params.multi_items())
    return [
        Chip(key, TITLES[key], value, address.removing(key, value)) for key, value in address.pairs if key in TITLES
    ]


def choice(dimension: str, value: str) -> str:
    """Return a value of a facet as it reads."""
    return refusal(value).title if dimension == "reason" else humanise(value)
