"""The three kinds of telemetry, and how each one lands in ClickHouse."""

from dataclasses import dataclass
from importlib import resources

from core.clickhouse import Database


@dataclass(frozen=True)
class Signal:
    """A kind of telemetry: its name (the `signal` of quarantine), landing table and ClickHouse input format."""

    name: str
    table: str
    format: str
    message: str = ""


TRACES = Signal("traces", "landing_spans", "Protobuf", "Traces")
LOGS = Signal("logs", "landing_logs", "Protobuf", "Logs")
CLOUDEVENTS = Signal("cloudevents", "landing_cloudevents", "JSONEachRow")
SIGNALS = (TRACES, LOGS, CLOUDEVENTS)


def insert_settings(database: Database, signal: Signal) -> dict[str, object]:
    """Return the settings of an insert into the signal's landing table.

    The embedded engine reads the schema from our own file; given as text it would write a copy into the working
    directory. A server has no such file and is given the text.
    """
    settings: dict[str, object] = {
        "max_partitions_per_insert_block": 0,  # a backfill spans more than 100 months
        # Readers take one row an identity anyway; sorting and folding each block on insert cost as much as decoding it.
        "optimize_on_insert": 0,
        # There is nothing to optimize in the landing views, and looking for it takes a third of the planning.
        "query_plan_enable_optimizations": 0,
        "output_format_json_escape_forward_slashes": 0,  # a date or an address in a list is looked for as it was sent
    }
    if not signal.message:
        return settings
    file = resources.files("collector") / "otlp.proto"
    if database.embedded:
        return settings | {"format_schema": f"{file}:{signal.message}"}
    text = "\n".join(line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("//"))
    return settings | {
        "format_schema_source": "string",
        "format_schema": text,
        "format_schema_message_name": signal.message,
    }
