"""The pages that the header leads to: path and title, in the order of a working day."""

NAVIGATION = (
    ("/", "Stalled"),
    ("/journeys", "Journeys"),
    ("/objectives", "Objectives"),
    ("/lag", "Lag"),
    ("/exceptions", "Exceptions"),
    ("/views", "Views"),
    ("/kpis", "KPIs"),
    ("/alerts", "Alerts"),
    ("/integrations", "Integrations"),
    ("/findings", "Data quality"),
    ("/quarantine", "Quarantine"),
    ("/models", "Models"),
)
