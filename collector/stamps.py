"""What the collector stamps on each request on its way to the engine."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stamps:
    """A request's id, and when it came (microseconds).

    `sender` is the integration that its API key speaks for, '' for any; `redaction_key` hashes private values, ''
    drops them.
    """

    request_id: str
    received_at: int
    sender: str = ""
    redaction_key: str = field(default="", repr=False)
