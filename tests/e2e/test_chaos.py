"""Sent = stored + refused + quarantined, each once, while collector, store and network break under the senders.

`--rounds N` plays N rounds (`make soak`: 100), `--chaos-seed` other ones. A failure prints its seed, round and log.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.chaos_round import Round, Stage, embedded_stage, listening_stage

pytestmark = [pytest.mark.process, pytest.mark.enable_socket, pytest.mark.scaled_timeout("--rounds", 900)]


@pytest.mark.parametrize("stage_over", [listening_stage, embedded_stage], ids=["listening", "embedded"])
def test_what_was_sent_is_stored_once_or_refused_or_in_quarantine(
    stage_over: Callable[[Path, int], Stage], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    seed = request.config.getoption("--chaos-seed")
    stage = stage_over(tmp_path, seed)
    try:
        for number in range(request.config.getoption("--rounds")):
            played = Round(stage, seed, number)
            wrong = played.play()
            print("\n".join((f"--chaos-seed {seed}, round {number}", *played.log)), flush=True)
            assert wrong == []
    finally:
        print(dict(stage.totals), *(proxy.happened for proxy in stage.proxies))
        stage.close()
    totals = stage.totals
    assert totals["records sent"] == totals["stored"] + totals["quarantined"] + totals["refused"] > 0
