"""What commands print: text as it is, instants in UTC, amounts and lengths of time as the console writes them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.clock import ManualClock
from core.errors import MisuseError
from stallwatch.commands.shared import amounts_of, filters_of, instant_of, minute, print_table

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize("hostile", ["[/red]", "[bold]503", "[link=http://x]y[/link]", "[/]", "\\[x]", "a[0]"])
def test_square_brackets_of_telemetry_are_shown_and_break_nothing(
    capsys: pytest.CaptureFixture[str], hostile: str
) -> None:
    print_table(f"Title {hostile}", ("a column wider than any of the titles",), [(hostile,)], empty="")
    print_table("", ("cause",), [], empty=f"No {hostile}")

    shown = capsys.readouterr().out
    assert f"Title {hostile}" in shown.splitlines()[0]
    assert f"│ {hostile}" in shown
    assert f"No {hostile}" in shown.splitlines()[-1]


def test_an_instant_with_an_offset_is_converted_before_it_is_shown_as_utc() -> None:
    at = instant_of("2026-03-04T12:00+02:00", ManualClock(NOON))

    assert minute(at) == "2026-03-04 10:00"
    assert minute(datetime.fromisoformat("2026-03-04T12:00+02:00")) == "2026-03-04 10:00"


def test_without_an_instant_it_is_now() -> None:
    assert filters_of(None, ManualClock(NOON), facility=["east"], cause=None).as_of == NOON


def test_an_instant_that_the_store_cannot_hold_is_misuse() -> None:
    with pytest.raises(MisuseError, match="1970 to 2199"):
        filters_of("0001-01-01", ManualClock(NOON))


def test_amounts_stand_by_currency_in_one_line() -> None:
    assert amounts_of({"CAD": Decimal("5.5"), "USD": Decimal(12_500)}) == "CAD 5.50, USD 12,500.00"
    assert amounts_of({}) == minute(None) == "\N{EN DASH}"


def test_off_a_terminal_no_cell_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    row = ("invoice:" + "9" * 300, "a cause " * 40)

    print_table("Stalls", ("object", "cause"), [row], empty="")

    shown = capsys.readouterr().out
    assert row[0] in shown
    assert row[1].strip() in shown


def test_on_a_narrow_terminal_the_id_of_a_document_is_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    columns = ("object", "cause", "whose move")

    print_table("", columns, [("purchase_order:4500012345", "cause " * 20, "buyers " * 20)], empty="")
    print_table("", columns, [("invoice:" + "ab" * 60, "cause " * 20, "buyers " * 20)], empty="")

    shown = capsys.readouterr().out
    assert "purchase_order:4500012345" in shown
    assert "…" not in shown.split("cause")[0]
    assert shown.count("ab") == 60


def test_what_telemetry_names_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("Found", ("name",), [("\x1b[31mred\x1b]0;title\x07 \x9b2J Zürich",)], empty="")

    said = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b"} & set(said)
    assert "Zürich" in said
