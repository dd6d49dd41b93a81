"""What `stallwatch models NAME` prints, and what it says where there is nothing to print."""

import pytest

from core.errors import StallwatchError
from correlator.catalogue import KnownModel
from correlator.loading import load_models
from stallwatch.commands.models import definition_of


def test_a_definition_is_printed_as_its_file_would_have_it() -> None:
    (model,) = load_models(["procure-to-pay"])

    told = definition_of(KnownModel("procure-to-pay", configured=True, definition=model, versions=()))

    assert (told["model"], told["anchor"]) == ("procure-to-pay", "purchase_order")


def test_a_definition_that_cannot_be_read_is_an_error_that_says_so() -> None:
    with pytest.raises(StallwatchError, match="the definition of 'leases' cannot be read"):
        definition_of(KnownModel("leases", configured=False, definition=None, versions=()))
