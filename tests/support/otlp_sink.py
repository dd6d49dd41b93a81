"""A fake of the importer's `Send`: decodes what it gets with the OpenTelemetry runtime and keeps it."""

from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from stallwatch.importers import Receipt


@dataclass
class OtlpSink:
    """Accepts records that have a time and rejects the others, as the collector does."""

    bodies: list[bytes] = field(default_factory=list)
    requests: list[ExportLogsServiceRequest] = field(default_factory=list)

    def __call__(self, body: bytes) -> Receipt:
        self.bodies.append(body)
        request = ExportLogsServiceRequest.FromString(body)
        self.requests.append(request)
        found = records_of(request)
        rejected = sum(not record.time_unix_nano for record in found)
        return Receipt(len(found) - rejected, rejected, "an event needs a time" if rejected else "")

    @property
    def records(self) -> list[LogRecord]:
        """Everything received, in order."""
        return [record for request in self.requests for record in records_of(request)]

    @property
    def events(self) -> dict[str, LogRecord]:
        """What was accepted and is no description, by event id."""
        return {
            attributes(record)["stallwatch.event.id"]: record
            for record in self.records
            if record.time_unix_nano and record.event_name != "object.described"
        }


def records_of(request: ExportLogsServiceRequest) -> list[LogRecord]:
    return [
        record for resource in request.resource_logs for scope in resource.scope_logs for record in scope.log_records
    ]


def attributes(record: LogRecord) -> dict[str, Any]:
    return {pair.key: plain(pair.value) for pair in record.attributes}


def plain(value: AnyValue) -> Any:
    if value.WhichOneof("value") == "array_value":
        return [plain(part) for part in value.array_value.values]
    return getattr(value, value.WhichOneof("value"))
