"""Which kind each attribute of a log has: as declared, else the narrowest that fits everything observed."""

from collections.abc import Mapping

from stallwatch.importers.broken import quoted
from stallwatch.importers.rows import Scope, Types
from stallwatch.importers.values import Kind, Value, fits, inferred, typed, widened


class Kinds:
    """The kinds of the attributes of one log."""

    def __init__(self, types: Types) -> None:
        self._declared = types
        self._observed: dict[tuple[Scope, str, str], Kind] = {}

    def misfit(self, scope: Scope, of: str, attributes: Mapping[str, str | None]) -> str | None:
        """Return what is wrong with the first value that is not of its declared kind; None: every value fits."""
        declared = self._declared.get((scope, of), {})
        for name, text in attributes.items():
            if text is not None and name in declared and not fits(text, declared[name]):
                return f"{quoted(name)} is not of its declared type {declared[name]}: {quoted(text)}"
        return None

    def observe(self, scope: Scope, of: str, attributes: Mapping[str, str | None]) -> None:
        """Take note of values, so that a kind that was not declared can be inferred."""
        declared = self._declared.get((scope, of), {})
        for name, text in attributes.items():
            if text is not None and name not in declared:
                key, kind = (scope, of, name), inferred(text)
                self._observed[key] = widened(self._observed.get(key, kind), kind)

    def typed(self, scope: Scope, of: str, attributes: Mapping[str, str | None]) -> dict[str, Value]:
        """Return the values that texts stand for."""
        declared = self._declared.get((scope, of), {})
        return {
            name: None if text is None else typed(text, declared.get(name) or self._observed[scope, of, name])
            for name, text in attributes.items()
        }
