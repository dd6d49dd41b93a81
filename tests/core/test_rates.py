import pytest

from core.errors import DefinitionError
from core.rates import Rate, TokenBucket, parse_rate


class Seconds:
    """A monotonic clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("written", "rate"), [("500/s", Rate(500, 1)), ("30/m", Rate(30, 60)), (" 1000/h ", Rate(1000, 3600))]
)
def test_a_rate_is_requests_in_a_second_minute_or_hour(written: str, rate: Rate) -> None:
    assert parse_rate(written) == rate


@pytest.mark.parametrize(
    "written",
    [
        "",
        "500",
        "500/",
        "0/s",
        "-5/s",
        "1.5/s",
        "5/d",
        "5 /s",
        "5/s/s",
        "9999999999/s",
        "\N{ARABIC-INDIC DIGIT FIVE}/s",
    ],
)
def test_what_is_no_rate_is_refused(written: str) -> None:
    with pytest.raises(DefinitionError, match="is not a rate: write 500/s"):
        parse_rate(written)


def test_all_of_a_rate_may_come_at_once_and_then_no_more_until_one_is_due() -> None:
    seconds = Seconds()
    bucket = TokenBucket(Rate(30, 60), seconds)

    assert [bucket.take() for _ in range(30)] == [0.0] * 30
    assert bucket.take() == 2.0
    seconds.now += 1.5
    assert bucket.take() == 0.5
    seconds.now += 0.5
    assert bucket.take() == 0.0
    assert bucket.take() == 2.0


def test_what_was_not_sent_is_not_saved_up_beyond_the_rate() -> None:
    seconds = Seconds()
    bucket = TokenBucket(Rate(2, 1), seconds)

    seconds.now += 3600

    assert [bucket.take() for _ in range(3)] == [0.0, 0.0, 0.5]
