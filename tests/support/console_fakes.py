"""A fake backend of realistic content for the console: `PYTHONPATH=tests python -m support.console_fakes [port]` shows it."""

import sys

from support.console_facts import FakeFacts, FakeTraces
from support.console_families import FakeFamilies
from support.console_figures import FakeAging, FakeForecasts, FakeKpis, FakeLag, FakeLagComparisons, FakeViews
from support.console_findings import FakeFindings
from support.console_journeys import FakeJourneys
from support.console_models import FakeModels, FakeRebuilds
from support.console_network import HANDOFFS, NOW, REGISTRY
from support.console_objectives import FakeObjectives
from support.console_registry import FakeIntegrations
from support.console_stalls import FakeStalls
from support.console_watch import FakeAlerts, FakeAwaiting, FakeQuarantine, FakeReplays, FakeTelemetry
from support.key_rings import ring_of

from core.clock import ManualClock
from web.services import Services


def make_services(**changes: object) -> Services:
    """Return services of a bad day; any of them can be given."""
    made = {
        "clock": ManualClock(NOW),
        "registry": REGISTRY,
        "stalls": FakeStalls(),
        "choices": changes.get("stalls") or FakeStalls(),
        "held": changes.get("stalls") or FakeStalls(),
        "journeys": FakeJourneys(),
        "models": FakeModels(),
        "rebuilds": FakeRebuilds(),
        "families": FakeFamilies(),
        "findings": FakeFindings(),
        "lag": FakeLag(),
        "lag_comparisons": FakeLagComparisons(),
        "forecasts": FakeForecasts(),
        "aging": FakeAging(),
        "kpis": FakeKpis(),
        "awaiting": FakeAwaiting(),
        "views": FakeViews(),
        "objectives": FakeObjectives(),
        "alerts": FakeAlerts(),
        "quarantine": FakeQuarantine(),
        "replays": FakeReplays(),
        "telemetry": FakeTelemetry(),
        "facts": FakeFacts(),
        "traces": FakeTraces(),
        "keys": ring_of(ManualClock(NOW)),
        "integrations": FakeIntegrations(),
        "keys_required": False,
        "handoff_titles": {key: title for key, (title, *_) in HANDOFFS.items()},
    }
    return Services(**{**made, **changes})


if __name__ == "__main__":
    import uvicorn

    from web.app import console_app

    uvicorn.run(console_app(make_services()), port=int(sys.argv[1]) if len(sys.argv) > 1 else 8090, log_level="warning")
