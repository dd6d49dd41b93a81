"""Commands that measure: kpis, views."""

from datetime import datetime
from typing import Annotated

import typer

from core.errors import MisuseError
from core.filters import Filters
from core.paging import Page
from slo.kpis import Kpi, KpiItem, definition_of
from slo.views import ViewItem, ViewSummary, view_of
from stallwatch.bootstrap import House
from stallwatch.commands.shared import (
    AsJson,
    AsOf,
    Chosen,
    ConfigFile,
    DataDir,
    Limit,
    amounts_of,
    answer_of,
    filters_asked,
    house_to_ask,
    is_empty,
    known_by_name,
    minute,
    print_json,
    print_table,
    settings_of,
)
from web.words import NOTHING, figure, money, span

Key = Annotated[str | None, typer.Argument(help="One of them, by its key.", show_default=False)]
By = Annotated[str | None, typer.Option("--by", help="Tell it apart: facility, flow_type, department, supplier, who.")]
Part = Annotated[
    str | None,
    typer.Option("--documents", help="Documents: numerator, denominator or lacking.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(kpis)
    app.command()(views)


def kpis(
    key: Key = None,
    by: By = None,
    documents: Part = None,
    facility: Chosen = None,
    supplier: Chosen = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Show the KPIs with their definitions; or one, apart or with the documents behind it."""
    if (by is not None or documents is not None) and (key is None or (by is not None and documents is not None)):
        message = "--by and --documents go with the key of one KPI, either of them"
        raise MisuseError(message)
    if key is not None:
        with known_by_name():
            definition_of(key)
    with house_to_ask(settings_of(data_dir, config)) as house:
        filters = filters_asked(house, as_of, facility, supplier=supplier)
        if not as_json and is_empty(house):
            return
        if key is None:
            _show_all(house, filters, as_json=as_json)
        elif documents is not None:
            page = house.kpis.items(key, filters, part=documents, limit=limit)
            _show_documents(page, house.kpis.one(key, filters), documents, filters.as_of, as_json=as_json)
        elif by is not None:
            _show_apart(house, key, by, filters, as_json=as_json)
        else:
            _show_one(house.kpis.one(key, filters), filters.as_of, as_json=as_json)


def _show_all(house: House, filters: Filters, *, as_json: bool) -> None:
    found, lags = house.kpis.all(filters), house.kpis.journey_lags(filters)
    if as_json:
        print_json(answer_of(found, filters.as_of, journey_lags=lags))
        return
    rows = [(kpi.title, _figure(kpi), _of(kpi), kpi.definition) for kpi in found]
    print_table("KPIs", ("KPI", "value", "of", "definition"), rows, empty="There are no KPIs.")
    lines = [(each.title, figure(each.median_days, "days"), f"{each.journeys:,}") for each in lags]
    columns = ("from → to", "median", "journeys with both")
    print_table("Between milestones, in journeys that have both", columns, lines, empty="There are no milestones.")


def _figure(kpi: Kpi) -> str:
    return kpi.not_measured or figure(kpi.value, kpi.unit, kpi.at_least)


def _of(kpi: Kpi) -> str:
    counted = "" if kpi.numerator is None else f"{kpi.numerator:,} of "
    lacking = f", {kpi.lacking:,} lack what it needs" if kpi.lacking else ""
    return f"{counted}{kpi.denominator:,}{lacking}"


def _show_one(kpi: Kpi, as_of: datetime, *, as_json: bool) -> None:
    if as_json:
        print_json(vars(kpi) | {"as_of": as_of})
        return
    rows = [
        ("figure", _figure(kpi)),
        ("of", _of(kpi)),
        ("amount", f"{amounts_of(kpi.amounts)} of {amounts_of(kpi.amounts_of)}"),
        ("definition", kpi.definition),
        ("numerator", kpi.counted),
        ("denominator", kpi.measured),
        ("leaves out", kpi.exclusions),
        ("needs", kpi.needs or NOTHING),
        ("finished ones only", "yes" if kpi.closed_only else "no"),
        ("source", kpi.source),
    ]
    print_table(kpi.title, ("", ""), rows, empty="")


def _show_apart(house: House, key: str, by: str, filters: Filters, *, as_json: bool) -> None:
    found, whole = house.kpis.breakdown(key, by, filters), house.kpis.one(key, filters)
    if as_json:
        print_json(answer_of(found, filters.as_of))
        return
    rows = [
        (
            each.key or NOTHING,
            figure(each.value, whole.unit, each.at_least),
            f"{each.numerator:,}",
            f"{each.denominator:,}",
            amounts_of(each.amounts),
        )
        for each in found
    ]
    columns = (by, "value", "counted", "of", "amount")
    print_table(f"{whole.title}, by {by}", columns, rows, empty="There is nothing to measure.")


def _show_documents(page: Page[KpiItem], kpi: Kpi, part: str, as_of: datetime, *, as_json: bool) -> None:
    if as_json:
        print_json(answer_of(page.items, as_of, total=page.total))
        return
    rows = [
        (str(each.object), each.facility, each.supplier, minute(each.at), money(each.amount, each.currency), each.note)
        for each in page.items
    ]
    columns = ("document", "facility", "supplier", "since (UTC)", "amount", "what is told")
    print_table(f"{kpi.title}: {page.total:,} documents ({part})", columns, rows, empty="There are none.")


def views(
    key: Key = None,
    facility: Chosen = None,
    supplier: Chosen = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Show the ready views with what each holds; or the rows of one, the oldest first."""
    if key is not None:
        with known_by_name():
            view_of(key)
    with house_to_ask(settings_of(data_dir, config)) as house:
        filters = filters_asked(house, as_of, facility, supplier=supplier)
        if not as_json and is_empty(house):
            return
        if key is None:
            _show_views(house.views.all(filters), filters.as_of, as_json=as_json)
        else:
            _show_view(house.views.page(key, filters, limit=limit), view_of(key).title, filters, as_json=as_json)


def _show_views(found: list[ViewSummary], as_of: datetime, *, as_json: bool) -> None:
    if as_json:
        print_json(answer_of(found, as_of))
        return
    rows = [
        (
            each.view.key,
            f"{each.held:,}",
            amounts_of(each.amounts),
            minute(each.oldest),
            ", ".join(f"{owner} {count:,}" for owner, count in each.owners.items()) or NOTHING,
        )
        for each in found
    ]
    columns = ("view", "holds", "amount", "oldest (UTC)", "whose move")
    print_table("Views", columns, rows, empty="There are no views.")


def _show_view(page: Page[ViewItem], title: str, filters: Filters, *, as_json: bool) -> None:
    if as_json:
        print_json(answer_of(page.items, filters.as_of, total=page.total))
        return
    rows = [
        (
            str(each.object),
            each.facility,
            each.supplier,
            span(each.age_seconds),
            money(each.amount, each.currency),
            f"{each.note} ({each.received:g} and {each.invoiced:g}, by {each.basis})" if each.basis else each.note,
            each.owner,
        )
        for each in page.items
    ]
    columns = ("document", "facility", "supplier", "age", "amount", "what is told", "whose move")
    print_table(f"{title}: {page.total:,} as of {minute(filters.as_of)} UTC", columns, rows, empty="There is nothing.")
