from core.vocabulary import ObjectRef
from correlator.causes import Evidence
from web.links import Address, event_path, evidence_path, journey_path, object_path

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


def test_a_page_as_of_a_moment_leads_to_facts_as_of_that_moment():
    order, moment = ObjectRef("purchase_order", "1"), "2026-03-04T12:00"
    facts = (
        Evidence("event", "erp", event_id="e/1"),
        Evidence("span", "erp", trace_id="ab", span_id="cd"),
        Evidence("missing", event_type="goods_receipt.posted", object=order),
        Evidence("silence", "erp"),
    )

    assert HERE.moment == moment
    assert [evidence_path(fact, HERE.moment) for fact in facts] == [
        "/events/e%2F1?integration=erp&as_of=2026-03-04T12%3A00",
        "/traces/ab?as_of=2026-03-04T12%3A00#span-cd",
        "/objects/purchase_order/1?as_of=2026-03-04T12%3A00",
        "/integrations?as_of=2026-03-04T12%3A00#integration-erp",
    ]
    assert event_path("e1") == "/events/e1"
