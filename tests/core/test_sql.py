import pytest

from core.errors import StallwatchError
from core.sql import sql


def test_a_query_is_the_text_of_its_file() -> None:
    assert "FROM schema_migrations" in sql("core", "applied_migrations")


def test_a_missing_query_is_named_with_its_room() -> None:
    with pytest.raises(StallwatchError, match=r"^no query 'nope' in core/sql$"):
        sql("core", "nope")
