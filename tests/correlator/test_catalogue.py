"""Models as people look them up: configured, once in force, and as of an instant."""

from datetime import timedelta
from typing import Any

import pytest

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import NotFoundError
from correlator.catalogue import Models
from correlator.model import JourneyModel
from correlator.versions import Versions

DAY = timedelta(days=1)


def a_model(name: str, **changes: Any) -> JourneyModel:
    made = {"model": name, "version": 1, "title": name.title(), "anchor": "lease", "objects": {"lease": {}}, **changes}
    return JourneyModel.model_validate(made)


@pytest.mark.database
def test_models_are_told_as_they_stood_at_an_instant(database: Database, clock: ManualClock) -> None:
    first, second = a_model("leases"), a_model("leases", version=2, title="Rents")
    began, versions = clock.now(), Versions(database)
    for model in (first, a_model("old")):
        versions.meet(model, clock)
    clock.advance(DAY)
    versions.meet(second, clock)
    models = Models(database, [second, a_model("new")])

    now = {known.name: (known.title, known.configured, known.in_force_since) for known in models.all(clock.now())}
    then = models.one("leases", began)

    assert now == {"leases": ("Rents", True, began + DAY), "new": ("New", True, None), "old": ("Old", False, None)}
    assert (then.title, then.in_force_since, [version.until for version in then.versions]) == ("Leases", began, [None])
    assert [version.until for version in models.one("leases", clock.now()).versions] == [None, began + DAY]


@pytest.mark.database
def test_a_definition_of_a_former_language_leaves_its_versions_readable(database: Database, clock: ManualClock) -> None:
    row = ("leases", 1, "f" * 64, 1, '{"model": "leases", "words": []}', clock.now())
    columns = ("model", "number", "fingerprint", "version", "definition", "in_force_since")
    database.insert("model_versions", columns, [row])

    known = Models(database, []).one("leases", clock.now())

    assert (known.definition, known.title, len(known.versions)) == (None, "leases", 1)


@pytest.mark.database
def test_a_model_that_nobody_knows_is_not_found(database: Database, clock: ManualClock) -> None:
    with pytest.raises(NotFoundError, match="there is no model 'none'"):
        Models(database, [a_model("leases")]).one("none", clock.now())
