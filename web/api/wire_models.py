"""Journey models and their rebuilds on the wire."""

from typing import Any

from web.api.wire import Instant, Wire


class WireModelVersion(Wire):
    """A model as it was in force from `since` until `until` (null: nothing has followed it); what it changed.

    `derived` says what that derived anew; `warning` that the content changed and the number did not rise, or "".
    """

    model: str
    version: int
    in_force: bool
    since: Instant
    until: Instant | None
    changed: list[str]
    derived: str
    warning: str
    fingerprint: str


class WireRebuild(Wire):
    """The newest rebuild of a model that was asked for since the server began; `roots`: journeys derived."""

    model: str
    state: str
    by: str
    asked_at: Instant
    began_at: Instant | None
    ended_at: Instant | None
    roots: int | None
    problem: str


class WireModel(Wire):
    """A model: its definition as its file would have it, null where it can no longer be read, and its versions."""

    model: str
    title: str
    configured: bool
    in_force_since: Instant | None
    definition: dict[str, Any] | None
    versions: list[WireModelVersion]
    rebuild: WireRebuild | None = None
