"""Commands about refused records: list them, show one, replay them after a fix, leave one as it is."""

import json
from typing import Annotated, Any

import typer

from collector.quarantine import QuarantinedRecord, QuarantineFilter, QuarantineStore
from collector.replay import ReplayOutcome, ReplayReport
from core.errors import MisuseError
from core.instants import parse_instant
from stallwatch.commands.changing import changeable_house, operator
from stallwatch.commands.shared import (
    AsJson,
    Chosen,
    ConfigFile,
    DataDir,
    Limit,
    answer_of,
    harmless,
    minute,
    print_json,
    print_table,
    settings_of,
)
from web.refusals import SKIPPED, refusal

PATH = "/api/v1/quarantine"
SHOWN_OUTCOMES = 50
Moment = Annotated[str | None, typer.Option(show_default=False, help="Of the time of receipt, ISO 8601.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID…", help="Records by id.", show_default=False)]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="FIELD=TEXT", show_default=False, help="Say a field of one record anew; may be repeated."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would be replayed.")]
quarantine = typer.Typer(help="Records that were refused: list, show, replay, dismiss.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(quarantine, name="quarantine")


@quarantine.command(name="list")
def list_records(
    reason: Chosen = None,
    integration: Chosen = None,
    signal: Chosen = None,
    status: Chosen = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """List refused records, the newest first."""
    chosen = _chosen(reason=reason, integration=integration, signal=signal, status=status)
    with changeable_house(settings_of(data_dir, config), "GET", PATH) as house:
        page, now = QuarantineStore(house.database).page(limit, None, chosen), house.clock.now()
    if as_json:
        print_json(answer_of(map(_plain, page.items), now, total=page.total))
        return
    columns = ("id", "received (UTC)", "integration", "signal", "reason", "detail", "status")
    rows = [_line(record) for record in page.items]
    print_table(f"{page.total:,} records in quarantine", columns, rows, empty="No such record is in quarantine.")


@quarantine.command()
def show(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="A record's id, as `quarantine list` shows it.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Show one record: its redacted content, what helps, and what was done about it."""
    with changeable_house(settings_of(data_dir, config), "GET", f"{PATH}/{record_id}") as house:
        found, now = QuarantineStore(house.database).record(record_id), house.clock.now()
    if as_json:
        told = {"first_reason": found.first_reason, "content": found.content, "history": found.history}
        print_json({"record": _plain(found.record), **told, "as_of": now})
        return
    known = refusal(found.record.reason)
    typer.echo(f"{known.title}: {harmless(found.record.detail)}\n{known.hint}\n")
    typer.echo(harmless(json.dumps(found.content, indent=2, ensure_ascii=False)))
    rows = [
        (minute(step.changed_at), step.status, step.because or step.reason, _said(step.correction), step.changed_by)
        for step in found.history
    ]
    columns = ("when (UTC)", "what", "reason", "correction", "by")
    print_table("History", columns, rows, empty="Nothing was done about it yet.")


@quarantine.command()
def replay(
    ids: Ids = None,
    reason: Chosen = None,
    integration: Chosen = None,
    signal: Chosen = None,
    status: Chosen = None,
    received_from: Moment = None,
    received_before: Moment = None,
    corrected: Set = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Take records in after a fix, each once: by id, or the open ones that options choose. Exit 1 if any is refused."""
    filters: dict[str, Any] = {"reason": reason, "integration": integration, "signal": signal, "status": status}
    filters |= {"received_from": received_from, "received_before": received_before}
    filters = {name: value for name, value in filters.items() if value}
    if ids and filters:
        message = "name ids, or options that choose records, not both"
        raise MisuseError(message)
    fields = _fields(corrected)
    chosen = QuarantineFilter(ids=tuple(ids)) if ids else _chosen(**filters)
    body = {"ids": ids, "corrections": fields} if ids else {"filter": filters}
    settings = settings_of(data_dir, config)
    with changeable_house(settings, "POST", f"{PATH}/replay", body | ({"dry_run": True} if dry_run else {})) as house:
        if dry_run:
            report = house.replayer.preview(chosen, fields)
        else:
            house.publisher.publish()
            report = house.replayer.replay(chosen, operator(), fields)
    _tell(report, as_json=as_json)
    if report.refused or report.skipped:
        raise typer.Exit(1)


@quarantine.command()
def dismiss(
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Records by id.", show_default=False)],
    because: Annotated[str, typer.Option(help="Why; kept in the record's history.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Leave records as they are."""
    settings = settings_of(data_dir, config)
    with changeable_house(settings, "POST", f"{PATH}/{ids[0]}/dismiss", {"because": because}) as house:
        found = QuarantineStore(house.database).dismiss(ids, because, operator(), house.clock)
        now = house.clock.now()
    if as_json:
        print_json(answer_of(map(_plain, found), now))
        return
    typer.echo("\n".join(f"{record.record_id}: {record.status}" for record in found))


def _chosen(**given: Any) -> QuarantineFilter:
    read: dict[str, Any] = {
        name: parse_instant(value) if name.startswith("received_") else tuple(value)
        for name, value in given.items()
        if value
    }
    return QuarantineFilter(**read)


def _fields(corrected: list[str] | None) -> dict[str, str]:
    fields = {}
    for text in corrected or ():
        name, equals, value = text.partition("=")
        if not (name and equals):
            message = f"{text[:60]!r} is not FIELD=TEXT"
            raise MisuseError(message)
        fields[name] = value
    return fields


def _tell(report: ReplayReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    told = [each for each in report.outcomes if each.outcome != "replayed"][:SHOWN_OUTCOMES]
    if told:
        rows = [(each.record_id, each.outcome.replace("_", " "), _why(each), each.detail) for each in told]
        print_table("Records", ("id", "outcome", "reason", "detail"), rows, empty="")
    if report.replay_id:
        typer.echo(f"{report.replayed:,} replayed, {report.refused:,} refused again, {report.skipped:,} skipped.")
        if report.left:
            typer.echo(f"{report.left:,} more match: run it again.")
    else:
        typer.echo(f"{report.left:,} would be replayed; nothing was changed.")


def _why(outcome: ReplayOutcome) -> str:
    return SKIPPED.get(outcome.reason) or refusal(outcome.reason).title


def _said(correction: Any) -> str:
    return ", ".join(f"{name.removeprefix('stallwatch.')}={text}" for name, text in correction.items())


def _plain(record: QuarantinedRecord) -> dict[str, Any]:
    """Return a record as `list --json` tells it, under the names of the API and without its content."""
    told = {name: value for name, value in vars(record).items() if name not in {"record", "record_id"}}
    return {"id": record.record_id, **told}


def _line(record: QuarantinedRecord) -> tuple[str, ...]:
    said = (record.integration, record.signal, record.reason, record.detail[:80])
    return record.record_id, minute(record.quarantined_at), *said, record.status
