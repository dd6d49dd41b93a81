"""What a notification says, in JSON: what, where, how much, since when, why, whose move, and where to look."""

import json
from urllib.parse import urlencode

from alerts.findings import Finding
from alerts.lifecycle import AlertState


def render(step: AlertState, public_url: str) -> str:
    """Return the payload of a firing or resolved step.

    `id` is the alert's, the same in firing and resolved. Instants are ISO 8601 in UTC; amounts are decimal strings by
    currency; `ends_at` is null while firing. Keys are sorted, so the same step always gives the same bytes.
    """
    finding = step.finding
    payload = {
        "id": step.alert_id,
        "status": step.state.value,
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity,
        "summary": finding.summary,
        "cause": {"code": finding.cause_code, "summary": finding.cause_summary, "trace_id": finding.trace_id},
        "count": finding.count,
        "amounts": {money: format(amount, "f") for money, amount in finding.amounts.items()},
        "facilities": finding.facilities,
        "criticalities": finding.criticalities,
        "handoffs": finding.handoffs,
        "since": finding.since.isoformat(),
        "owner": finding.owner,
        "url": page_url(public_url, finding),
        "starts_at": step.firing_since.isoformat() if step.firing_since else None,
        "ends_at": step.resolved_at.isoformat() if step.resolved_at else None,
    }
    return json.dumps(payload, sort_keys=True, ensure_ascii=False)


def page_url(public_url: str, finding: Finding) -> str:
    """Return the link to where it can be seen: the board, or for data quality its kind among the findings."""
    if kind := finding.labels.get("finding"):
        window = urlencode({"window": finding.labels.get("window", "")})
        return f"{public_url.rstrip('/')}/findings?{window}#{kind}"
    return board_url(public_url, finding.labels.get("signature", finding.cause_code))


def board_url(public_url: str, cause: str) -> str:
    """Return the link to the board, filtered by the cause: a signature of one, or a code of many."""
    return f"{public_url.rstrip('/')}/?{urlencode({'cause': cause})}"
