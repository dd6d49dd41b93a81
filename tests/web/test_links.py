from core.vocabulary import ObjectRef
from web.links import Address, journey_path, object_path

HERE = Address.of(
    "/",
    [("facility", "MWEST"), ("facility", "MEAST"), ("as_of", "2026-03-04T12:00"), ("cursor", "50"), ("supplier", "")],
)


def test_empty_parameters_do_not_clutter_the_address():
    assert "supplier" not in str(HERE)


def test_removing_a_filter_keeps_the_others_and_starts_at_the_first_page():
    assert str(HERE.removing("facility", "MEAST")) == "/?facility=MWEST&as_of=2026-03-04T12%3A00"


def test_setting_replaces_every_value_of_a_parameter():
    assert HERE.setting("facility", "HARBR").pairs == (("as_of", "2026-03-04T12:00"), ("facility", "HARBR"))


def test_clearing_drops_the_filters_and_keeps_the_moment():
    assert HERE.cleared().pairs == (("as_of", "2026-03-04T12:00"),)


def test_an_id_with_slashes_and_spaces_survives_the_address():
    assert journey_path(ObjectRef("purchase_order", "A/7 ?x#")) == "/journeys/purchase_order/A%2F7%20%3Fx%23"
    assert object_path(ObjectRef("invoice", "../x")) == "/objects/invoice/..%2Fx"
