from pathlib import Path

import pytest

from core.errors import StallwatchError
from core.sql import sql


def test_a_query_is_the_text_of_its_file() -> None:
    assert "FROM schema_migrations" in sql("core", "applied_migrations")


def test_a_missing_query_is_named_with_its_room() -> None:
    with pytest.raises(StallwatchError, match=r"^no query 'nope' in core/sql$"):
        sql("core", "nope")


def test_an_included_query_stands_where_its_line_stood() -> None:
    file = Path(__file__).parents[2] / "slo/sql/due_at.sql"
    included = (Path(__file__).parents[2] / "core/sql/due_at.sql").read_text()

    assert "-- include: core/due_at\n" in file.read_text()
    assert sql("slo", "due_at") == file.read_text().replace("-- include: core/due_at", included)
