from datetime import timedelta
from decimal import Decimal

import pytest
from support.console_network import NOW

from web import words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (7_500, "2 h 5 min"),
        (7_200, "2 h"),
        (273_600, "3 d 4 h"),
        (40 * 86_400 + 7_200, "40 d"),
        (None, "\N{EN DASH}"),
    ],
)
def test_a_length_of_time_reads_in_its_two_largest_units(seconds, text):
    assert words.span(seconds) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("999", "USD 999"),
        ("1240000", "USD 1.24 M"),
        ("310400", "USD 310.40 k"),
        ("2000000000", "USD 2.00 B"),
        ("-1500", "USD -1.50 k"),
    ],
)
def test_a_headline_amount_is_scaled(amount, text):
    assert words.short_money(Decimal(amount), "USD") == text


def test_an_exact_amount_keeps_its_cents_and_a_missing_one_is_a_dash():
    assert words.money(Decimal("12500.5000"), "USD") == "USD 12,500.50"
    assert words.money(None, "USD") == "\N{EN DASH}"


def test_an_instant_stands_before_or_after_now():
    assert words.ago(NOW - timedelta(hours=2, minutes=5), NOW) == "2 h 5 min ago"
    assert words.ago(NOW + timedelta(days=3), NOW) == "in 3 d"
    assert words.ago(None, NOW) == "never"


def test_keys_read_as_words():
    assert words.humanise("purchase_order") == "Purchase order"
    assert words.humanise("invoice.received") == "Invoice received"
    assert words.humanise("") == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, words.NOTHING),
        (0.038, "38 ms"),
        (2.1, "2.10 s"),
        (3_780, "1 h 3 min"),
        (-50, "50.00 s ahead"),
        (0, "0 ms"),
    ],
)
def test_a_delay_reads_as_a_length_of_time_and_a_negative_one_as_ahead(value, text):
    assert words.seconds(value) == text


@pytest.mark.parametrize(("value", "text"), [(1240.4, "1,240"), (12.53, "12.5"), (0.0204, "0.0204"), (0, "0")])
def test_a_rate_has_three_digits(value, text):
    assert words.rate(value) == text


def test_an_amount_without_a_currency_says_so():
    assert words.money(Decimal(1200)) == "1,200.00, no currency"
    assert words.short_money(Decimal(1_240_000)) == "1.24 M, no currency"


def test_an_instant_of_another_year_names_it():
    assert words.moment(NOW, NOW + timedelta(days=1)) == words.moment(NOW)
    assert words.moment(NOW - timedelta(days=365), NOW).endswith("2025, " + words.clock(NOW))


@pytest.mark.parametrize(
    ("title", "text"),
    [("Purchase order", "purchase order"), ("PO line", "PO line"), ("ERP", "ERP"), ("Sent to AP", "sent to AP")],
)
def test_a_title_within_a_sentence_keeps_its_capitals(title, text):
    assert words.lowered(title) == text
