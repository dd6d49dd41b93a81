"""The models of the invented network, one of them twice in force, and a fake of the port that answers for them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from support.console_network import NOW

from core.errors import NotFoundError
from correlator.catalogue import KnownModel
from correlator.loading import load_models
from correlator.rebuilding import Rebuild
from correlator.versions import ModelVersion

ORDERS, SUPPLIERS = load_models(["procure-to-pay", "supplier-master"])
TARGET = "handoffs.invoice_to_match.target"


def make_models() -> tuple[KnownModel, ...]:
    first, second, old = NOW - timedelta(days=90), NOW - timedelta(days=12), NOW - timedelta(days=200)
    return (
        KnownModel(
            "procure-to-pay",
            configured=True,
            definition=ORDERS,
            versions=(
                ModelVersion(
                    "procure-to-pay", 1, "b" * 64, second, None, (TARGET, "handoffs.invoice_to_match.owner"),
                    "handoffs: invoice_to_match", "it changed, and its version is 1 after 1", ORDERS,
                ),
                ModelVersion("procure-to-pay", 1, "a" * 64, first, second, (), "everything", "", ORDERS),
            ),
        ),
        KnownModel("supplier-master", configured=True, definition=SUPPLIERS, versions=()),
        KnownModel(
            "leases",
            configured=False,
            definition=None,
            versions=(ModelVersion("leases", 3, "c" * 64, old, None, (), "everything", ""),),
        ),
    )  # fmt: skip


@dataclass
class FakeRebuilds:
    known: dict[str, Rebuild] = field(default_factory=dict)

    def ask(self, model: str, by: str) -> Rebuild:
        if model not in {"procure-to-pay", "supplier-master"}:
            message = f"there is no model {model!r} to rebuild"
            raise NotFoundError(message)
        return self.known.setdefault(model, Rebuild(model, "asked", by, NOW))

    def of(self, model: str) -> Rebuild | None:
        return self.known.get(model)


@dataclass
class FakeModels:
    models: tuple[KnownModel, ...] = field(default_factory=make_models)

    def all(self, as_of: datetime) -> tuple[KnownModel, ...]:
        return self.models

    def one(self, name: str, as_of: datetime) -> KnownModel:
        found = next((known for known in self.models if known.name == name), None)
        if found is None:
            message = f"there is no model {name!r}"
            raise NotFoundError(message)
        return found
