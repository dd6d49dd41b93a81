"""The console's pages.

To add one: a file here with a `router`, its line in `PAGES`, a template, a line in `web/navigation.py` if the header
should lead to it, and a test.
"""

from web.pages import (
    alerts,
    board,
    events,
    exceptions,
    families,
    findings,
    forecast,
    integrations,
    journeys,
    kpis,
    lag,
    lag_trend,
    models,
    objectives,
    quarantine,
    traces,
    views,
)

PAGES = (
    board.router,
    journeys.router,
    families.router,
    events.router,
    traces.router,
    objectives.router,
    lag.router,
    lag_trend.router,
    forecast.router,
    exceptions.router,
    views.router,
    kpis.router,
    alerts.router,
    integrations.router,
    findings.router,
    models.router,
    quarantine.router,
)
