"""The published check figures of the OCEL log follow from its tables: what the end-to-end test compares with."""

import pytest
from support.ocel_oracle import LOG, OcelFigures, ocel_figures

pytestmark = pytest.mark.skipif(not LOG.is_dir(), reason=f"the OCEL log is not at {LOG}")


@pytest.fixture(scope="module")
def figures() -> OcelFigures:
    return ocel_figures()


def test_the_log_falls_into_927_components(figures: OcelFigures) -> None:
    assert figures.components == 927


def test_188_invoices_were_paid_more_than_once_by_239_surplus_payments(figures: OcelFigures) -> None:
    assert (figures.invoices_paid_more_than_once, figures.surplus_payments) == (188, 239)


def test_the_median_days_between_milestones_are_the_published_ones(figures: OcelFigures) -> None:
    medians = (
        figures.requisition_to_order,
        figures.order_to_receipt,
        figures.receipt_to_invoice,
        figures.invoice_to_payment,
        figures.end_to_end,
    )

    assert tuple(round(median, 2) for median in medians) == (7.15, 6.56, 2.36, 3.68, 21.75)
