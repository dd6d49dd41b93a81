"""Whatever comes in is answered, never with a 5xx, and accounted for: stored, in quarantine, or refused.

`--fuzz-inputs N` sends N inputs to each of the two tests (`make soak`). A failing input is made smaller and kept;
check it in under `corpus` with a name that says what it broke.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from support.fuzz_inputs import Input, read_inputs
from support.fuzz_requests import REQUESTS, Mutator, plain
from support.fuzz_run import MEBIBYTE, FuzzRun

from core.clickhouse import Database
from core.clock import ManualClock

pytestmark = pytest.mark.database

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.jsonl"))
BATCH = 400
AT_ONCE = 3000
# The embedded engine's caches and arenas settle within it; a leak of 7 KiB an input of a long run does not.
MOST_GROWTH = 300 * MEBIBYTE
LONG_RUN = 40  # batches; in a shorter one, memory tells of nothing but caches that fill


@pytest.fixture
def run(database: Database, clock: ManualClock) -> Iterator[FuzzRun]:
    run = FuzzRun(database, clock, BATCH, Path(mkdtemp(prefix="stallwatch-fuzz-")))  # it outlives the test
    yield run
    run.close()


def verdict(run: FuzzRun) -> None:
    run.flush()
    print(run.tally)
    assert run.failures == []
    if len(run.tally.resident) >= LONG_RUN:
        assert run.tally.growth() < MOST_GROWTH


def drawn_by(settled: settings, start: int, strategy: st.SearchStrategy[Input]) -> list[Input]:
    drawn: list[Input] = []

    @seed(start)
    @settled
    @given(strategy)
    def each(one: Input) -> None:
        drawn.append(one)

    each()
    return drawn


def generated(strategy: st.SearchStrategy[Input], count: int, start: int) -> Iterator[Input]:
    """Draw inputs, some at a time; they are sent outside of Hypothesis, whose own work is deep in the stack."""
    for place in range(0, count, AT_ONCE):
        settled = settings(
            max_examples=min(AT_ONCE, count - place),
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        yield from drawn_by(settled, start + place, strategy)


@pytest.mark.scaled_timeout("--fuzz-inputs", 0.25)
def test_any_well_or_badly_built_request_is_answered_and_accounted_for(
    run: FuzzRun, request: pytest.FixtureRequest
) -> None:
    drawn = generated(REQUESTS, request.config.getoption("--fuzz-inputs"), request.config.getoption("--chaos-seed"))

    for one in drawn:
        run.add(one)

    verdict(run)


@pytest.mark.scaled_timeout("--fuzz-inputs", 0.25)
def test_any_damage_to_a_valid_request_is_answered_and_accounted_for(
    run: FuzzRun, request: pytest.FixtureRequest
) -> None:
    start = request.config.getoption("--chaos-seed")
    mutator = Mutator(list(generated(plain, 400, start)), start)

    for _ in range(request.config.getoption("--fuzz-inputs")):
        run.add(mutator.next())

    verdict(run)


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.stem)
def test_inputs_worth_keeping_are_answered_and_accounted_for(run: FuzzRun, file: Path) -> None:
    for one in read_inputs(file):
        run.add(one)

    verdict(run)
