import pytest

from core.loopback import is_loopback


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.10", "::1", "[::1]", "localhost", "LOCALHOST", "::ffff:127.0.0.1"]
)
def test_only_this_machine_reaches_it(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",  # noqa: S104 - nothing listens
        "::",
        "",
        "10.0.0.1",
        "128.0.0.1",
        "::2",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "::ffff:10.0.0.1",
    ],
)
def test_others_may_reach_it(host: str) -> None:
    assert not is_loopback(host)
