"""What is said of files that are no models at all, too large, or wrong in several places at once."""

from pathlib import Path

import pytest
from support.wrong_models import DURATIONS, SOUND, told

from core.errors import DefinitionError
from core.problems import WrongDefinitionError
from correlator.loading import load_models


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ":1:1: the file is empty; write model, version, title, anchor, objects"),
        (b"# nothing yet\n", ":1:1: the file is empty; write model, version, title, anchor, objects"),
        (b"- lease\n", ":1:1: the file: a list where keys with values are expected; write key: value"),
        (b"lease\n", ":1:1: the file: 'lease' where keys with values are expected; write key: value"),
        (b"model: leases\ntitle: M\xfcller\n", ":2:9: byte 0xfc is not UTF-8 text; save the file as UTF-8"),
        (
            "model: leases\n".encode("utf-16"),
            ":1:1: byte 0xff is not UTF-8 text; save the file as UTF-8",
        ),
        (
            b"model: leases\ntitle: \x00\n",
            ":2:8: not valid YAML: special characters are not allowed (a control character; remove it)",
        ),
        (
            b"? [a, b]\n: c\n",
            ":1:3: not valid YAML: a key must be a word; this one is a list or a mapping",
        ),
        (b"objects: " + b"{a: " * 2000, ":1:1: the file is nested too deeply"),
        (
            b"a: &a [x]\nb: &b [" + b"*a, " * 9 + b"]\n",
            ":2:8: not valid YAML: *a is an alias, which definition files do not take; write the value out",
        ),
    ],
)
def test_what_is_no_model_at_all_is_told_in_one_line(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "leases.yaml"
    file.write_bytes(content)

    assert told(file) == [expected]


def test_a_file_larger_than_any_model_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "leases.yaml"
    file.write_bytes(b"#" * (4 * 1024**2 + 1))

    with pytest.raises(DefinitionError) as refused:
        load_models([str(file)])

    assert str(refused.value) == f"cannot read {file}: it is larger than the 4 MiB that a definition may have"


def test_all_that_is_wrong_in_a_model_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "leases.yaml"
    text = SOUND.replace("owner:", "ownr:").replace("5bd", "soon").replace("[delivery, lease]", "[delivry]")
    file.write_text(text.replace("stop: [delivery.posted]", "pause: [lease.held]\n    stop: [lease.signed]"))

    assert [line.partition("; ")[0] for line in told(file)] == [
        ":8:28: objects.invoice.attaches_via.0: names 'delivry', which is not among the objects",
        ":8:51: objects.invoice.references.lease_no: names 'lease', but neither attaches to the other",
        ":18:5: handoffs.signature_to_delivery.ownr: unknown key",
        f":22:14: handoffs.signature_to_delivery.target.standard: 'soon' is not a duration: {DURATIONS}",
    ]


def test_what_is_wrong_in_several_models_is_told_at_once(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.yaml" for name in ("one", "two", "three")]
    for file in files:
        file.write_text(SOUND, encoding="utf-8")
    files[0].write_text(SOUND.replace("version: 1", "version: 0"), encoding="utf-8")

    with pytest.raises(WrongDefinitionError) as refused:
        load_models(["procure-to-pey", *map(str, files)])

    assert list(map(str, refused.value.problems)) == [
        (
            "there is no model 'procure-to-pey': give a YAML file, or one of procure-to-pay-documents, procure-to-pay, "
            "supplier-master; did you mean 'procure-to-pay'?"
        ),
        f"{files[0]}:2:1: version: 0 must be greater than or equal to 1",
        f"{files[2]}:1:1: model: the model 'leases' is already defined by {files[1]}; rename one",
    ]


def test_a_file_that_is_named_twice_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(SOUND, encoding="utf-8")

    with pytest.raises(WrongDefinitionError, match="this file is named twice; name it once"):
        load_models([str(file), str(tmp_path / "." / "one.yaml")])
