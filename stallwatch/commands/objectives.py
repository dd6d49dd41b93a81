"""The command that tells objectives: budgets, burn rates, and who is not heard."""

from datetime import datetime
from typing import Annotated, Any

import typer

from slo.evaluation import Evaluation
from stallwatch.commands.shared import (
    AsJson,
    AsOf,
    Chosen,
    ConfigFile,
    DataDir,
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
from web import objective_words as words
from web.api.wire_objectives import WireObjective, objective_row, whole_objective
from web.words import NOTHING


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(objectives)


def objectives(
    name: Annotated[str | None, typer.Argument(help="One objective, by its name.", show_default=False)] = None,
    facility: Chosen = None,
    criticality: Chosen = None,
    handoff: Chosen = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """List objectives with what is left of their budgets, what needs somebody first; or show the past of one."""
    with known_by_name(), house_to_ask(settings_of(data_dir, config)) as house:
        chosen = {"criticality": criticality, "handoff": handoff}
        filters = filters_asked(house, as_of, facility, **chosen)
        if not as_json and is_empty(house):
            return
        watermark = house.journeys.progress().watermark
        if name:
            _show_one(house.evaluations.one(name, filters), watermark, as_json=as_json)
        else:
            _show_all(house.evaluations.all(filters), filters.as_of, watermark, as_json=as_json)


def _show_all(found: list[Evaluation], as_of: datetime, watermark: datetime | None, *, as_json: bool) -> None:
    if as_json:
        items = [_plain(WireObjective.model_validate(objective_row(each, watermark))) for each in found]
        print_json(answer_of(items, as_of))
        return
    columns = ("objective", "kept in time", "target", "budget", "burn", "state")
    rows = [_line(each) for each in words.in_order(found)]
    print_table(f"Objectives as of {minute(as_of)} UTC", columns, rows, empty="There are no objectives.")


def _line(found: Evaluation) -> tuple[str, ...]:
    budget, burn = found.reading.budget, words.worst(found.burns)
    return (
        found.objective.title,
        words.share_text(budget),
        words.target_text(budget),
        words.left_text(budget.remaining),
        words.burn_text(burn, found.objective.window) if burn else NOTHING,
        words.STATES[words.state_of(found)],
    )


def _show_one(found: Evaluation, watermark: datetime | None, *, as_json: bool) -> None:
    if as_json:
        print_json(_plain(whole_objective(found, watermark)))
        return
    rows = [(minute(each.at), words.left_text(each.remaining), f"{each.decided:,}") for each in found.history]
    said = (words.STATES[words.state_of(found)], words.corrected_text(found.counts))
    title = f"{found.objective.title}: {'; '.join(filter(None, said))}"
    print_table(title, ("as of (UTC)", "budget", "decided in the window"), rows, empty="It has no past.")


def _plain(row: WireObjective) -> dict[str, Any]:
    return row.model_dump(mode="json")
