"""The invented health system that ships with the simulator."""

from importlib import resources
from pathlib import Path

from core.registry import Registry, load_registry


def network_file() -> Path:
    """Return the registry file of the simulated health system."""
    return Path(str(resources.files(__package__) / "network.yaml"))


def load_network() -> Registry:
    """Read the simulated health system: 15 places in three time zones, and eight integrations."""
    return load_registry(network_file())
