"""The registry of the invented network as a fake of its port."""

from support.console_network import NOW, REGISTRY

from core.errors import MisuseError, NotFoundError
from core.integrations import Entry
from core.registry import Integration


class FakeIntegrations:
    def __init__(self) -> None:
        self.put_over = {}

    def entry(self, key: str) -> Entry:
        if key in self.put_over:
            return self.put_over[key]
        if key not in REGISTRY.integrations:
            message = f"no integration {key!r} is registered"
            raise NotFoundError(message)
        return Entry(key, REGISTRY.integrations[key], "file", "", NOW)

    def put(self, key: str, integration: Integration, by: str) -> Entry:
        self.put_over[key] = Entry(key, integration, "api", by, NOW)
        return self.put_over[key]

    def delete(self, key: str, by: str) -> None:
        if self.entry(key).source == "file":
            message = f"{key!r} is in the registry file"
            raise MisuseError(message)
        del self.put_over[key]
