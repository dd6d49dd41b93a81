"""Whatever stands in a file, it is read or refused with its place: never a crash."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from support.openslo_files import SOUND, models

from core.problems import Problem, WrongDefinitionError
from core.strict_yaml import read_pages
from slo.objective_loading import LoadedObjectives, load_objectives

DOCUMENTS = [page.content for page in read_pages(SOUND)]
ODD = [
    None,
    True,
    0,
    -1,
    1e300,
    "",
    "x",
    "stallwatch",
    "1M",
    [],
    [None],
    ["x", "x"],
    {},
    {"a": 1},
    {"metadata": {"name": "x"}},
]


def places(content: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    steps = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for step, inner in steps:
        yield from places(inner, (*place, step))


PLACES = [place for place in places(DOCUMENTS) if place]


def changed(place: tuple[Any, ...], value: Any, *, removed: bool) -> str:
    documents = deepcopy(DOCUMENTS)
    holder = documents
    for step in place[:-1]:
        holder = holder[step]
    if removed:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return yaml.safe_dump_all(documents, sort_keys=False)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("odd") / "objectives.yaml"


def found_in(file: Path) -> LoadedObjectives | tuple[Problem, ...]:
    """Return the objectives of a file, or what is wrong in it."""
    try:
        return load_objectives([str(file)], models())
    except WrongDefinitionError as refused:
        return refused.problems


def is_answer(found: LoadedObjectives | tuple[Problem, ...], file: Path) -> bool:
    if isinstance(found, LoadedObjectives):
        return all(objective.parts for objective in found.objectives)
    return bool(found) and all(problem.file == file and problem.line > 0 and problem.reason for problem in found)


@settings(max_examples=80, deadline=None)
@given(place=st.sampled_from(PLACES), value=st.sampled_from(ODD), removed=st.booleans())
def test_a_value_that_is_odd_or_missing_is_read_or_refused_with_its_place(
    file: Path, place: tuple[Any, ...], value: Any, *, removed: bool
) -> None:
    file.write_text(changed(place, value, removed=removed), encoding="utf-8")

    assert is_answer(found_in(file), file)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SOUND)), st.integers(0, 40), st.text("-:{}[]'\"#&*!| \n\tx0", max_size=8))
def test_a_text_that_was_mangled_is_read_or_refused(file: Path, start: int, length: int, put: str) -> None:
    file.write_text(SOUND[:start] + put + SOUND[start + length :], encoding="utf-8")

    assert is_answer(found_in(file), file)


def test_a_source_without_a_name_is_refused(file: Path) -> None:
    file.write_text(SOUND.replace("type: stallwatch", "type: ''", 1), encoding="utf-8")

    assert [str(each).partition(".yaml:")[2] for each in found_in(file)] == [
        "13:9: spec.ratioMetric.good.metricSource.type: String should have at least 1 character"
    ]
