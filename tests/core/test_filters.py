from datetime import UTC, datetime

from core.filters import DIMENSIONS, Filters

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ONE = datetime(2026, 3, 4, 13, tzinfo=UTC)


def test_what_is_chosen_is_the_same_in_any_order_and_as_of_any_instant() -> None:
    there = Filters(NOON, facility=("MWEST", "MEAST", "MWEST"), handoff=("match",))
    again = Filters(ONE, handoff=("match",), facility=("MEAST", "MWEST"))

    assert there.chosen() == again.chosen()
    assert there.chosen() != Filters(NOON, facility=("MWEST",), handoff=("match",)).chosen()


def test_a_value_of_one_dimension_is_not_that_of_another() -> None:
    found = {Filters(NOON, **{name: ("x",)}).chosen() for name in DIMENSIONS}

    assert len(found) == len(DIMENSIONS)


def test_dimensions_that_do_not_matter_are_left_out() -> None:
    assert Filters(NOON, facility=("MWEST",), cause=("silence",)).chosen(but=("cause",)) == (
        Filters(NOON, facility=("MWEST",)).chosen()
    )


def test_the_same_choice_can_be_made_as_of_another_instant() -> None:
    assert Filters(NOON, facility=("MWEST",)).at(ONE) == Filters(ONE, facility=("MWEST",))
