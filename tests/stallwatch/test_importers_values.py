import pytest

from stallwatch.importers.values import Kind, fits, inferred, microseconds, text_of, typed, widened


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0", Kind.INTEGER),
        ("-17", Kind.INTEGER),
        ("999999999999999999", Kind.INTEGER),
        ("9999999999999999999", Kind.STRING),  # beyond 64 bits
        ("003", Kind.STRING),
        ("+1", Kind.STRING),
        ("-0", Kind.STRING),
        ("69300.0", Kind.FLOAT),
        ("0.30000000000000004", Kind.FLOAT),  # as a float prints itself
        ("0.123456789012345678", Kind.STRING),  # a float would lose digits
        ("00.5", Kind.STRING),
        ("1e5", Kind.STRING),
        ("12E4", Kind.STRING),
        ("nan", Kind.STRING),
        ("TRUE", Kind.BOOLEAN),
        ("false", Kind.BOOLEAN),
        ("yes", Kind.STRING),
        ("٣", Kind.STRING),  # a digit of another script
        ("2024-03-05", Kind.STRING),
        (" 1", Kind.STRING),
    ],
)
def test_text_is_a_number_only_where_it_is_written_as_one(text: str, kind: Kind) -> None:
    assert inferred(text) is kind


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Kind.INTEGER, Kind.INTEGER, Kind.INTEGER),
        (Kind.INTEGER, Kind.FLOAT, Kind.FLOAT),
        (Kind.FLOAT, Kind.INTEGER, Kind.FLOAT),
        (Kind.INTEGER, Kind.BOOLEAN, Kind.STRING),
        (Kind.FLOAT, Kind.STRING, Kind.STRING),
    ],
)
def test_a_column_of_two_kinds_has_the_kind_that_holds_both(one: Kind, other: Kind, both: Kind) -> None:
    assert widened(one, other) is both


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("101", Kind.STRING, "101"),
        ("101", Kind.INTEGER, 101),
        ("101", Kind.FLOAT, 101.0),
        ("1e5", Kind.FLOAT, 100_000.0),
        ("1", Kind.BOOLEAN, True),
        ("false", Kind.BOOLEAN, False),
        ("2024-03-05T10:00:00Z", Kind.TIME, "2024-03-05T10:00:00Z"),
    ],
)
def test_a_declared_kind_decides_what_a_text_stands_for(text: str, kind: Kind, value: object) -> None:
    found = typed(text, kind)

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x", Kind.INTEGER),
        ("9223372036854775808", Kind.INTEGER),
        ("inf", Kind.FLOAT),
        ("nan", Kind.FLOAT),
        ("2", Kind.BOOLEAN),
        ("yesterday", Kind.TIME),
    ],
)
def test_a_value_that_is_not_of_its_declared_kind_does_not_fit(text: str, kind: Kind) -> None:
    assert not fits(text, kind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("1970-01-01 00:00:01", 1_000_000),  # without an offset: UTC
        ("1970-01-01T01:00:00.000002+01:00", 2),
        ("1970-01-02", 86_400_000_000),
        ("1969-12-31T23:59:59Z", -1_000_000),
    ],
)
def test_a_time_is_read_in_utc(text: str, expected: int) -> None:
    assert microseconds(text) == expected


@pytest.mark.parametrize(
    ("native", "text"),
    [(True, "true"), (3, "3"), (0.1, "0.1"), ("", None), (None, None), ("x", "x"), (False, "false"), (0, "0")],
)
def test_a_native_value_and_its_text_are_one(native: str | float | bool | None, text: str | None) -> None:  # noqa: FBT001 - a value, not a switch
    assert text_of(native) == text
