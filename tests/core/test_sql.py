from pathlib import Path

import pytest

from core.errors import StallwatchError
from core.sql import expanded, sql


def test_a_query_is_the_text_of_its_file() -> None:
    assert "FROM schema_migrations" in sql("core", "applied_migrations")


def test_a_missing_query_is_named_with_its_room() -> None:
    with pytest.raises(StallwatchError, match=r"^no query 'nope' in core/sql$"):
        sql("core", "nope")


def test_an_included_query_stands_where_its_line_stood() -> None:
    included = (Path(__file__).parents[2] / "core/sql/openings.sql").read_text()

    assert expanded("WITH\n-- include: core/openings\nSELECT 1") == f"WITH\n{included}\nSELECT 1"


def test_a_shipped_query_is_read_with_what_it_includes() -> None:
    folder = Path(__file__).parents[2] / "slo/sql"
    file, included = folder / "kpi_surplus_payments.sql", folder / "invoice_moments.sql"

    assert sql("slo", "kpi_surplus_payments") == file.read_text().replace(
        "-- include: slo/invoice_moments", included.read_text()
    )
