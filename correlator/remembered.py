"""Findings of the present, asked of all facts once a minute however many look: each kind reads the whole window."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from core.clock import Clock
from core.filters import Filters
from correlator.findings import DEFAULT_WINDOW, KINDS, Example, Finding, Findings

KEPT_FOR = timedelta(minutes=1)
PRESENT = timedelta(seconds=5)  # between a request's reading of the clock and ours
NO_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
MOST = 64  # answers, one for each combination of filters and window that is looked at
Question = tuple[Filters, str, tuple[str, ...]]


@dataclass
class RememberedFindings:
    """Answers as Findings does; of the present with an answer that may be a minute old, of any other instant anew."""

    findings: Findings
    clock: Clock
    _answers: dict[Question, tuple[datetime, list[Finding]]] = field(default_factory=dict)

    def all(
        self, filters: Filters, window: str = DEFAULT_WINDOW, *, kinds: Iterable[str] = tuple(KINDS)
    ) -> list[Finding]:
        """Return the findings as of the instant, or of up to a minute before the present. Raises MisuseError."""
        now, kinds = self.clock.now(), tuple(kinds)
        if abs(now - filters.as_of) > PRESENT:
            return self.findings.all(filters, window, kinds=kinds)
        question = (replace(filters, as_of=NO_INSTANT), window, kinds)
        asked_at, answer = self._answers.get(question, (None, []))
        if asked_at is None or not timedelta(0) <= now - asked_at < KEPT_FOR:
            answer = self.findings.all(filters, window, kinds=kinds)
            self._answers = dict([*self._answers.items(), (question, (now, answer))][-MOST:])
        return answer

    def examples(self, filters: Filters, window: str = DEFAULT_WINDOW) -> list[Example]:
        """Return the examples of all findings, in their order. Raises MisuseError."""
        return [example for finding in self.all(filters, window) for example in finding.examples]
