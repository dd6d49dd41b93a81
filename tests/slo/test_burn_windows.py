"""Burn windows: the table of the SRE workbook, in proportion to other windows, and what can never fire."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from core.definitions import read_definition
from core.errors import DefinitionError
from slo.burn_windows import BurnWindows, alerts_of, load_windows, shipped_windows

MONTH = timedelta(days=30)
H, M = timedelta(hours=1), timedelta(minutes=1)


def test_each_set_that_ships_is_named_as_its_file_and_cites_its_source() -> None:
    for name, file in shipped_windows().items():
        found = read_definition(BurnWindows, file)

        assert found.windows == name
        assert "chapter" in found.source


def test_over_30_days_the_windows_are_those_of_the_workbook() -> None:
    found = alerts_of(load_windows(), MONTH, Fraction("0.999"))

    # Google, The Site Reliability Workbook (2018), table 5-8.
    assert [(each.severity, each.long, each.short, each.factor) for each in found.alerts] == [
        ("page", 1 * H, 5 * M, Fraction("14.4")),
        ("page", 6 * H, 30 * M, 6),
        ("ticket", 24 * H, 120 * M, 3),
        ("ticket", 72 * H, 360 * M, 1),
    ]
    assert found.left_out == ()


@pytest.mark.parametrize("days", [1, 7, 28, 90, 91, 365])
def test_over_another_window_an_alert_tells_of_the_same_part_of_the_budget(days: int) -> None:
    window = timedelta(days=days)
    found = alerts_of(load_windows(), window, Fraction("0.999"))

    spends = [
        each.factor * Fraction(each.long // timedelta(seconds=1), window // timedelta(seconds=1))
        for each in found.alerts
    ]
    assert spends == [Fraction("0.02"), Fraction("0.05"), Fraction("0.1"), Fraction("0.1")]
    assert [each.short * 12 for each in found.alerts] == [each.long for each in found.alerts]
    assert [each.long for each in found.alerts] == [hours * H * days / 30 for hours in (1, 6, 24, 72)]


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("0.95", ["page-1h", "page-6h", "ticket-1d", "ticket-3d"]),  # at most 20
        ("0.9306", ["page-1h", "page-6h", "ticket-1d", "ticket-3d"]),  # at most 14.409
        ("0.9305", ["page-6h", "ticket-1d", "ticket-3d"]),  # at most 14.388
        ("0.9", ["page-6h", "ticket-1d", "ticket-3d"]),  # at most 10
        ("0.85", ["page-6h", "ticket-1d", "ticket-3d"]),  # at most 6.67
        ("0.8", ["ticket-1d", "ticket-3d"]),  # at most 5
        ("0.5", ["ticket-3d"]),  # at most 2
        ("0", []),  # at most 1, which 1 does not exceed
    ],
)
def test_what_can_never_fire_at_a_target_is_left_out(target: str, names: list[str]) -> None:
    found = alerts_of(load_windows(), MONTH, Fraction(target))

    assert [each.name for each in found.alerts] == names
    assert len(found.alerts) + len(found.left_out) == 4


def test_why_an_alert_is_left_out_is_said_with_the_most_that_can_be_reached() -> None:
    assert alerts_of(load_windows(), MONTH, Fraction("0.93")).left_out == (
        (
            "page-1h: a burn rate of 14.4 is out of reach at a target of 93 %: with everything bad it is 14.286; the factor "
            "must be below that"
        ),
    )


def test_windows_shorter_than_a_slice_are_left_out() -> None:
    found = alerts_of(load_windows(), MONTH, Fraction("0.99"), timedelta(hours=2))

    assert [each.name for each in found.alerts] == ["ticket-1d", "ticket-3d"]
    assert found.left_out[0] == (
        "page-1h: its short window of 5 min is shorter than a slice of 2 h, and holds none that is over"
    )


SET = """\
windows: own
title: Own
source: a book, chapter 1
of: 30d
alerts:
  - {name: fast, severity: page, spends: 0.02, long: 1h, short: 5m}
"""


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("short: 5m", "short: 10m", "6:5: alerts.0: short is a twelfth of long: 5 min, not 10m"),
        (
            "long: 1h",
            "long: 8bh",
            "6:48: alerts.0.long: '8bh' is business time; a window is clock time: write 30m, 6h or 3d",
        ),
        ("spends: 0.02", "spends: 2", "6:34: alerts.0.spends: 2 is no share: it is from 0.0 up to but not 1.0"),
        ("source: a book, chapter 1\n", "", "1:1: source: is missing; add it"),
        ("of: 30d", "of: 30", "4:1: of: 30 is not text; put it in quotes"),
        ("  - {name: fast", "  - {nme: x, name: fast", "6:6: alerts.0.nme: unknown key; did you mean 'name'?"),
    ],
)
def test_a_set_that_is_wrong_is_refused_with_the_place(old: str, new: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(SET.replace(old, new), encoding="utf-8")

    with pytest.raises(DefinitionError) as refused:
        read_definition(BurnWindows, file)
    assert str(refused.value).startswith(f"{file}:{reason}")
