from functools import partial
from typing import Any

import pytest

from core.clickhouse import Database
from core.sql import expanded, sql
from correlator.slices import cut, slices_of

TYPES = ("invoice", "purchase_order", "requisition")
# The condition is an include: here of a query of its own.
LYING_IN = "SELECT object_type, object_id FROM run_objects WHERE revision = {revision:UInt64}\n" + (
    expanded("-- include: correlator/in_slice")
)


@pytest.fixture
def objects(database: Database) -> set[tuple[str, str]]:
    found = {(TYPES[number % 3], f"№{number * 7919 % 1000}'\\") for number in range(1000)} | {("invoice", "")}
    database.insert("run_objects", ("revision", "object_type", "object_id"), [(7, *each) for each in sorted(found)])
    database.insert("run_objects", ("revision", "object_type", "object_id"), [(8, "invoice", "of another run")])
    return found


def rows_of(database: Database) -> Any:
    def rows(name: str, **values: Any) -> list[dict[str, Any]]:
        return database.rows(sql("correlator", name), revision=7, run_objects="run_objects", **values)

    return rows


@pytest.mark.database
@pytest.mark.parametrize("most", [1, 7, 334, 500, 1000, 1001])
def test_each_object_lies_in_one_slice_and_none_holds_more_than_asked(
    database: Database, objects: set[tuple[str, str]], most: int
) -> None:
    slices = slices_of(rows_of(database), most, whole=True)

    lying = [database.rows(LYING_IN, revision=7, **each) for each in slices]

    assert [len(each) <= most for each in lying] == [True] * len(slices)
    assert sorted((row["object_type"], row["object_id"]) for each in lying for row in each) == sorted(objects)
    assert len(slices) == -(-len(objects) // most)


@pytest.mark.database
def test_what_is_cut_by_a_sample_is_about_as_much_as_asked(database: Database) -> None:
    slices_asked, objects = 5, 500_000
    database.execute(
        "INSERT INTO run_objects SELECT 7, 'invoice', toString(number) FROM numbers({n:UInt64})", n=objects
    )

    slices = slices_of(rows_of(database), objects // slices_asked, whole=True)

    counts = [len(database.rows(LYING_IN, revision=7, **each)) for each in slices]
    assert sum(counts) == objects
    assert max(counts) < 1.2 * objects / slices_asked


def test_what_follows_a_tick_is_one_slice_without_ends() -> None:
    assert slices_of(partial(pytest.fail, "nothing is to be asked"), 1, whole=False) == cut([])
    assert cut([]) == [{"from_type": "", "from_id": "", "until_type": "", "until_id": ""}]
