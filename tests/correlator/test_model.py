"""Models are read strictly, and say what is wrong, where, and how to mend it."""

import re
from pathlib import Path

import pytest
import yaml

from core.errors import DefinitionError
from core.registry import load_registry
from correlator.loading import load_models, shipped_models
from correlator.model import schema_text
from correlator.registered import calendar_keys, places_not_registered
from slo.hours import calendar_problems

SHIPPED = shipped_models()["procure-to-pay"].read_text(encoding="utf-8")


def changed(tmp_path: Path, old: str, new: str, name: str = "mine.yaml") -> str:
    assert old in SHIPPED
    file = tmp_path / name
    file.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    return str(file)


def test_every_shipped_model_is_valid() -> None:
    for name in shipped_models():
        assert [model.model for model in load_models([name])] == [name]


def test_layers_put_every_type_after_what_it_attaches_to() -> None:
    (model,) = load_models(["procure-to-pay"])
    order = {key: place for place, key in enumerate(model.layers)}

    assert all(order[parent] < order[child] for child, parent in model.attachments)


def test_types_of_one_depth_do_not_attach_to_each_other() -> None:
    (model,) = load_models(["procure-to-pay"])
    depth = {key: number for number, keys in enumerate(model.depths) for key in keys}

    assert all(depth[parent] < depth[child] for child, parent in model.attachments)
    assert model.depths[0] == ("purchase_order",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "owner: Treasury",
            "ownr: Treasury",
            r"mine.yaml:\d+:5: handoffs.posting_to_release.ownr: unknown key; did you mean 'owner'\?",
        ),
        ("anchor: purchase_order", "anchor: contract", "the anchor 'contract' is not among the objects"),
        ("attaches_via: [invoice]", "attaches_via: [bill]", "names 'bill', which is not among the objects"),
        (
            "purchase_order: {title: Purchase order}",
            "purchase_order: {attaches_via: [invoice]}",
            "may not attach to anything",
        ),
        ("attaches_via: [purchase_order, goods_receipt]", "attaches_via: [payment]", "goes round in a circle"),
        (
            "usage: {title: Implant usage, attaches_via: [purchase_order]}",
            "usage: {title: Implant usage}",
            "reaches no anchor",
        ),
        ("on: requisition", "on: wish", "handoffs.requisition_approval.on: is on 'wish'"),
        ("standard: 1bd", "standard: soon", "'soon' is not a duration"),
        ("stop: [requisition.approved]", "stop: [requisition.created]", "may have one role only"),
        ("flow_types: [non_po]", "flow_types: [no_po]", "flow_types.0"),
        ("version: 5", "version: 5\nversion: 6", "this key is given twice"),
    ],
)
def test_a_wrong_model_names_file_place_and_reason(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message) as caught:
        load_models([changed(tmp_path, old, new)])

    assert str(tmp_path / "mine.yaml") in str(caught.value)


def test_two_models_with_one_name_are_refused(tmp_path: Path) -> None:
    copy = changed(tmp_path, "version: 5", "version: 6")

    with pytest.raises(
        DefinitionError, match=r"'procure-to-pay' is already defined by .*procure-to-pay\.yaml; rename one"
    ):
        load_models(["procure-to-pay", copy])


def test_two_models_with_one_anchor_are_refused() -> None:
    with pytest.raises(DefinitionError, match="is anchored at 'purchase_order' too"):
        load_models(["procure-to-pay", "procure-to-pay-documents"])


def test_an_unknown_name_lists_what_ships() -> None:
    with pytest.raises(DefinitionError, match="there is no model 'p2p': give a YAML file, or one of procure-to-pay"):
        load_models(["p2p"])


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=f"cannot read {tmp_path / 'none.yaml'}"):
        load_models([str(tmp_path / "none.yaml")])


def test_the_fingerprint_follows_the_definitions(tmp_path: Path) -> None:
    (shipped,) = load_models(["procure-to-pay"])
    (same,) = load_models([changed(tmp_path, "# Procure-to-pay", "# A comment on procure-to-pay")])
    (other,) = load_models([changed(tmp_path, "low: 3bd", "low: 4bd")])

    assert yaml.safe_load(SHIPPED)["model"] == shipped.model
    assert shipped.fingerprint == same.fingerprint != other.fingerprint


def test_the_published_schema_is_the_one_that_models_are_read_by() -> None:
    published = Path(__file__).parents[2] / "docs" / "journey-model.schema.json"

    assert published.read_text(encoding="utf-8") == f"{schema_text()}\n", "stallwatch check --schema writes it anew"


def test_the_example_of_the_documentation_is_a_model(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "leases.yaml").write_text("".join(examples), encoding="utf-8")  # each goes on with the handoffs

    (model,) = load_models([str(tmp_path / "leases.yaml")])

    assert [key for key, handoff in model.handoffs.items() if handoff.is_interruptible] == ["signature_to_delivery"]
    assert len(model.handoffs) == "".join(examples).count("    title: ")
    manual = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    (example,) = (text for text in re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL) if "\nfacilities:" in text)
    (tmp_path / "registry.yaml").write_text(example, encoding="utf-8")
    registry = load_registry(tmp_path / "registry.yaml")
    assert [wrong for calendar in registry.calendars.values() for wrong in calendar_problems(calendar)] == []
    assert "bank@America/Denver" in calendar_keys([model], registry)
    assert list(places_not_registered(model, registry)) == []


@pytest.mark.parametrize(
    ("attaches", "said", "reason"),
    [
        ("[order, order]", "stop: [bill.paid]", r"bill\.attaches_via\.1: names 'order' twice; keep one"),
        ("[order]", "stop: [{event: bill.paid, of: bill}]", r"of: 'bill' is what the handoff is on itself; write the"),
        ("[order]", "stop: [bill.paid], when: {reason: []}", r"when\.reason: needs at least one entry"),
        ("[order]", "stop: [bill.paid], when: {facility: []}", r"when\.facility: needs at least one entry"),
        ("[order]", "stop: [bill.paid], flow_types: []", r"flow_types: needs at least one entry"),
    ],
)
def test_what_says_nothing_or_says_it_twice_is_refused(tmp_path: Path, attaches: str, said: str, reason: str) -> None:
    text = f"""{{model: bills, version: 1, title: Bills, anchor: order, objects: {{order: {{}}, bill: {{attaches_via: {attaches}}}}},
handoffs: {{paying: {{title: Paying, on: bill, start: [bill.received], {said}}}}}}}"""
    (tmp_path / "bills.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(DefinitionError, match=reason):
        load_models([str(tmp_path / "bills.yaml")])
