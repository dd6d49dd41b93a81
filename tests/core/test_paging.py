import pytest

from core.errors import MisuseError
from core.paging import place


@pytest.mark.parametrize(("cursor", "rows"), [(None, 0), ("0", 0), ("50", 50), ("999999999999", 10**12 - 1)])
def test_a_cursor_is_how_many_rows_come_before_its_page(cursor: str | None, rows: int) -> None:
    assert place(cursor) == rows


@pytest.mark.parametrize("cursor", ["", "-1", "5.0", "five", "٣", "²", "1000000000000", " 5", "1_0"])
def test_anything_else_is_misuse_and_named(cursor: str) -> None:
    with pytest.raises(MisuseError, match="is not a cursor of this list"):
        place(cursor)
