"""How the causes of stalls read, in the order in which they are tried (docs/architecture.md, "Stall causes")."""

from web.words import humanise

TITLES = {
    "silence": "Integration silent",
    "integration_failure": "Integration failing",
    "exception": "Open exception",
    "missing_prerequisite": "Missing prerequisite",
    "waiting_on": "Waiting on owner",
}


def cause_title(code: str) -> str:
    """Return a cause as a heading."""
    return TITLES.get(code) or humanise(code)
