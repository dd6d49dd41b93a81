import pytest

from core.errors import MisuseError
from core.vocabulary import ObjectRef


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("invoice:INV-881", ObjectRef("invoice", "INV-881")),
        ("material:urn:gtin:0400", ObjectRef("material", "urn:gtin:0400")),
    ],
)
def test_an_object_is_written_type_and_id_split_at_the_first_colon(text: str, parsed: ObjectRef) -> None:
    assert ObjectRef.parse(text) == parsed
    assert str(parsed) == text


@pytest.mark.parametrize("text", ["", "invoice", ":INV-881", "invoice:"])
def test_what_lacks_a_type_or_an_id_is_no_object(text: str) -> None:
    with pytest.raises(MisuseError, match="an object is written type:id"):
        ObjectRef.parse(text)
