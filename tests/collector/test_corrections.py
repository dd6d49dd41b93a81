"""What may not be said in a correction: private values, as the engine would find them."""

import pytest

from collector.corrections import private_class
from collector.redaction import load_redaction


@pytest.mark.parametrize("text", ["900-12-3456", "é900-12-3456", "900-12-3456ü"])
def test_a_private_value_is_found_beside_letters_that_the_engine_does_not_take_for_letters(text: str) -> None:
    assert private_class(text, load_redaction(None).classes()) == "ssn"


def test_an_ordinary_name_is_not_private() -> None:
    assert private_class("Zürich, dépôt 12", load_redaction(None).classes()) == ""
