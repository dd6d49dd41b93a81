from pathlib import Path

import pytest
from pydantic import BaseModel, field_validator

from core.definitions import read_definition
from core.durations import Duration, DurationError, parse_duration
from core.errors import DefinitionError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45s", Duration(45, "clock")),
        ("30m", Duration(1_800, "clock")),
        ("4h", Duration(14_400, "clock")),
        ("2d", Duration(172_800, "clock")),
        ("1w", Duration(604_800, "clock")),
        ("8bh", Duration(28_800, "business_seconds")),
        ("90bm", Duration(5_400, "business_seconds")),
        ("3bd", Duration(3, "business_days")),
        (" 3bd ", Duration(3, "business_days")),
    ],
)
def test_a_duration_is_read_in_its_unit(text: str, expected: Duration) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "8", "h", "-1h", "1.5h", "0h", "0bd", "8 bh", "8BH", "1h30m", "P1D", "1mo", "9999999h", "٣h"]
)
def test_anything_else_is_refused_and_named(text: str) -> None:
    with pytest.raises(DurationError, match="is not a duration"):
        parse_duration(text)


def test_where_no_time_at_all_is_a_choice_zero_can_be_allowed() -> None:
    assert parse_duration("0s", allow_zero=True) == Duration(0, "clock")
    with pytest.raises(DurationError, match="is not a duration"):
        parse_duration("0", allow_zero=True)


def test_in_a_definition_file_the_error_names_file_line_and_key(tmp_path: Path) -> None:
    class Target(BaseModel):
        within: str

        @field_validator("within")
        @classmethod
        def _duration(cls, value: str) -> str:
            parse_duration(value)
            return value

    file = tmp_path / "target.yaml"
    file.write_text("# a target\nwithin: soon\n")

    with pytest.raises(DefinitionError, match=r"target.yaml:2:1: within: 'soon' is not a duration"):
        read_definition(Target, file)
