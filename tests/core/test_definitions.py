from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, StrictBool

from core.definitions import read_definition, read_documents
from core.errors import DefinitionError
from core.problems import Problem, WrongDefinitionError


class Milestone(BaseModel):
    model_config = ConfigDict(extra="forbid")
    event: str
    within: int = 1


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = ""
    milestones: dict[str, Milestone] = {}
    tags: list[str] = []
    value: Any = None


def written(tmp_path: Path, text: str | bytes) -> Path:
    file = tmp_path / "model.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("Off", "Off"),
        ("2026-03-04", "2026-03-04"),
        ("2026-03-04T10:00:00Z", "2026-03-04T10:00:00Z"),
        ("22:30", "22:30"),
        ("0123", "0123"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        (".inf", ".inf"),
        ("1.", "1."),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("0", 0),
        ("-17", -17),
        ("0.25", 0.25),
        ("1e3", 1000.0),
        ("-1.5e-3", -0.0015),
        ("'17'", "17"),
    ],
)
def test_only_the_plain_values_of_yaml_1_2_are_other_than_text(tmp_path: Path, plain: str, value: object) -> None:
    read = read_definition(Model, written(tmp_path, f"value: {plain}\n")).value

    assert read == value
    assert type(read) is type(value)


def test_an_empty_file_is_a_definition_of_defaults(tmp_path: Path) -> None:
    assert read_definition(Model, written(tmp_path, "# nothing yet\n")) == Model()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "name: a\nmilestones:\n  sent:\n    event: x\n    evnt: y\n",
            ":5:5: milestones.sent.evnt: unknown key; did you mean 'event'?",
        ),
        ("name: a\n\nmilestones:\n  sent:\n    within: 2\n", ":4:3: milestones.sent.event: is missing; add it"),
        ("tags:\n  - a\n  - 7\n", ":3:5: tags.1: 7 is not text; put it in quotes"),
        ("name: a\ntags: [b]\nname: c\n", ":3:1: name: this key is given twice; keep one"),
        (
            "milestones:\n  a: {event: x}\n  b: {event: x, event: y}\n",
            ":3:17: milestones.b.event: this key is given twice",
        ),
        ("value: [{a: 1, a: 2}]\n", ":1:16: value.0.a: this key is given twice"),
        ("name: a\nmilestones: {b\n", ":3:1: not valid YAML"),
        ("name: [a\n", ":2:1: not valid YAML"),
        ("name: a\n---\nname: b\n", ":2:1: not valid YAML"),
        ("name: !!python/object:os.system x\n", ":1:7: not valid YAML"),
        ("name: \x00\n", ":1:7: not valid YAML"),
        ("- a\n", ":1:1: the file: a list where keys with values are expected; write key: value"),
        ("value: {<<: {a: 1}, <<: {b: 2}}\n", ":1:21: value.<<: this key is given twice"),
        ("value: &a [*a]\n", ":1:12: not valid YAML: *a is an alias"),
        ("&a value: 1\nother:\n  - *a\n", ":3:5: not valid YAML: *a is an alias"),
        ("value: " + "[" * 500 + "\n", ":1:1: the file is nested too deeply"),
    ],
)
def test_an_error_names_the_file_the_line_and_the_key(tmp_path: Path, text: str, place: str) -> None:
    file = written(tmp_path, text)

    with pytest.raises(DefinitionError) as refused:
        read_definition(Model, file)

    assert str(refused.value).startswith(f"{file}:")
    assert place in str(refused.value)


def test_every_problem_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, "name: 7\nmilestones: 8\nfurther: 9\n")

    with pytest.raises(DefinitionError, match=r":1:1: name: .*; .*:2:1: milestones: .*; .*:3:1: further: unknown key"):
        read_definition(Model, file)


def test_a_key_without_a_value_does_not_pass_for_one_that_is_not_there(tmp_path: Path) -> None:
    text = "name: m\nvalue:\nmilestones:\n  paid:\n    event:\n"
    with pytest.raises(WrongDefinitionError) as caught:
        read_definition(Model, written(tmp_path, text))
    told = [(each.line, each.place, each.reason) for each in caught.value.problems]
    nothing = "nothing stands after this key; write its value, or remove the key"
    assert [each for each in told if each[2] == nothing] == [(2, "value", nothing)]
    assert [(line, place) for line, place, _ in told] == [(2, "value"), (5, "milestones.paid.event")]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_definition(Model, tmp_path / "nope.yaml")

    assert str(refused.value) == f"cannot read {tmp_path / 'nope.yaml'}: No such file or directory"


def test_what_no_file_can_be_is_not_read_to_its_end() -> None:
    with pytest.raises(DefinitionError, match="cannot read /dev/zero: it is larger than the 4 MiB"):
        read_definition(Model, Path("/dev/zero"))


def test_every_problem_is_told_by_file_line_and_place(tmp_path: Path) -> None:
    file = written(tmp_path, "tags: x\n")

    with pytest.raises(WrongDefinitionError) as refused:
        read_definition(Model, file)

    assert refused.value.problems == (Problem(file, 1, 1, "tags", "'x' where a list is expected; write [x]"),)


SEVERAL = """\
---
name: first
---

---
name: second
tags: [a, b]
milestones:
  m: {event: x, witin: 2}
...
"""


def test_a_file_of_several_definitions_is_read_one_by_one_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    file = written(tmp_path, SEVERAL)

    first, second = read_documents(file)

    assert (first.content, first.line, first.file) == ({"name": "first"}, 2, file)
    assert (second.content["name"], second.line) == ("second", 6)
    assert first.read(Model) == Model(name="first")


def test_what_is_wrong_in_one_of_several_definitions_is_told_by_its_line_in_the_file(tmp_path: Path) -> None:
    _, second = read_documents(written(tmp_path, SEVERAL))

    with pytest.raises(WrongDefinitionError) as refused:
        second.read(Model)
    assert [(each.line, each.column, each.reason) for each in refused.value.problems] == [
        (9, 17, "unknown key; did you mean 'within'?")
    ]


def test_a_part_of_a_definition_is_read_by_itself_and_told_by_its_whole_place(tmp_path: Path) -> None:
    _, second = read_documents(written(tmp_path, SEVERAL))

    with pytest.raises(WrongDefinitionError) as refused:
        second.read(Milestone, ("milestones", "m"))
    assert [(each.line, each.place) for each in refused.value.problems] == [(9, "milestones.m.witin")]
    assert second.problem(("tags", 1), "no").column == 11


def test_one_definition_that_is_no_yaml_spoils_all_of_its_file(tmp_path: Path) -> None:
    with pytest.raises(WrongDefinitionError, match=r"model.yaml:3:4: not valid YAML"):
        read_documents(written(tmp_path, "name: first\n---\na: *x\n"))


def test_a_key_that_is_given_twice_is_told_in_its_definition_alone(tmp_path: Path) -> None:
    first, second = read_documents(written(tmp_path, "name: a\nname: b\n---\nname: c\n"))

    with pytest.raises(WrongDefinitionError, match=r":2:1: name: this key is given twice; keep one"):
        first.read(Model)
    assert second.read(Model).name == "c"


def test_a_file_of_one_definition_takes_no_second(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="one file holds one definition; remove the line ---"):
        read_definition(Model, written(tmp_path, "name: a\n---\nname: b\n"))


@pytest.mark.parametrize("value", ["NO", "yes", "1"])
def test_what_is_true_or_false_is_written_so(value: str, tmp_path: Path) -> None:
    class Switch(BaseModel):
        on: StrictBool

    with pytest.raises(DefinitionError, match="where true or false is expected"):
        read_definition(Switch, written(tmp_path, f"on: {value}\n"))
