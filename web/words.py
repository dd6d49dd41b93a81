"""How figures read: money, spans of time and instants as a person would say them. Pure."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

NOTHING = "–"  # noqa: RUF001 - an en dash stands for an empty cell, as on the printed page
SCALES = ((Decimal(10**9), "B"), (Decimal(10**6), "M"), (Decimal(10**3), "k"))
ACRONYMS = {"po": "PO", "rfq": "RFQ", "id": "ID", "erp": "ERP", "ap": "AP", "hr": "HR", "kpi": "KPI", "it": "IT"}


def money(amount: Decimal | None, currency: str = "") -> str:
    """Return an exact amount: "USD 12,500.00", "12,500.00, no currency"."""
    return NOTHING if amount is None else _in(f"{amount:,.2f}", currency)


def short_money(amount: Decimal | None, currency: str = "") -> str:
    """Return an amount for a headline: "USD 1.24 M"."""
    if amount is None:
        return NOTHING
    for scale, letter in SCALES:
        if abs(amount) >= scale:
            return _in(f"{amount / scale:,.2f} {letter}", currency)
    return _in(f"{amount:,.0f}", currency)


def span(seconds: float | timedelta | None) -> str:
    """Return a length of time in its two largest units: "3 d 4 h", "12 min", "40 s"."""
    if seconds is None:
        return NOTHING
    whole = abs(int(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds))
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours and days < 30 else f"{days} d"  # noqa: PLR2004 - hours stop mattering after a month
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{left} s"


def milliseconds(value: float | None) -> str:
    """Return how long a span took: "38 ms", "2.10 s"."""
    if value is None:
        return NOTHING
    if value >= 60_000:  # noqa: PLR2004 - a minute
        return span(value / 1000)
    return f"{value / 1000:.2f} s" if value >= 1000 else f"{value:.3g} ms"  # noqa: PLR2004 - a second


def seconds(value: float | None) -> str:
    """Return how late something came: "38 ms", "2.10 s", "1 h 3 min"; "50 s ahead" where it came before its time."""
    if value is None:
        return NOTHING
    return f"{milliseconds(-1000 * value)} ahead" if value < 0 else milliseconds(1000 * value)


def rate(value: float) -> str:
    """Return how many a minute: "1,240", "12.5", "0.02"."""
    if value >= 100:  # noqa: PLR2004 - three digits say enough
        return f"{value:,.0f}"
    return f"{value:.3g}"


def figure(value: float | None, unit: str, at_least: float | None = None) -> str:
    """Return a figure in its unit: "92.4 %", "21.8 days", "188"; "≥ 30.0 days" where it is only bounded."""
    shown, bound = (value, "") if value is not None else (at_least, "≥ ")
    if shown is None:
        return NOTHING
    if unit == "share":
        return f"{bound}{100 * shown:.1f} %"
    if unit in {"days", "hours"}:
        return f"{bound}{shown:,.1f} {unit}"
    return f"{bound}{shown:,.0f}"


def instant(at: datetime | None) -> str:
    """Return an instant in UTC, to the minute: "4 Mar 2026, 12:00"."""
    return NOTHING if at is None else f"{_day(at)} {at.astimezone(UTC):%Y, %H:%M}"


def moment(at: datetime | None, beside: datetime | None = None) -> str:
    """Return an instant in UTC: "4 Mar, 12:00"; with its year where that is not the year of `beside`."""
    if at is not None and beside is not None and at.astimezone(UTC).year != beside.astimezone(UTC).year:
        return instant(at)
    return NOTHING if at is None else f"{_day(at)}, {at.astimezone(UTC):%H:%M}"


def day(at: datetime) -> str:
    """Return the day of an instant in UTC: "Wednesday 4 March 2026"."""
    local = at.astimezone(UTC)
    return f"{local:%A} {local.day} {local:%B %Y}"


def clock(at: datetime) -> str:
    """Return the time of day of an instant in UTC: "12:00"."""
    return f"{at.astimezone(UTC):%H:%M}"


def exact(at: datetime | None) -> str:
    """Return an instant for machines: ISO 8601 in UTC with a Z."""
    return "" if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def ago(at: datetime | None, now: datetime) -> str:
    """Return how an instant stands to `now`: "2 h 5 min ago", "in 3 d"."""
    if at is None:
        return "never"
    seconds = (now - at).total_seconds()
    if abs(seconds) < 1:
        return "now"
    return f"{span(seconds)} ago" if seconds >= 0 else f"in {span(seconds)}"


def humanise(key: str) -> str:
    """Return a key as words: "purchase_order" → "Purchase order"."""
    words = [ACRONYMS.get(word, word) for word in key.replace("_", " ").replace("-", " ").replace(".", " ").split()]
    if not words:
        return key
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def lowered(text: str) -> str:
    """Return a title within a sentence: "Purchase order" → "purchase order"; "PO line" and "AP's" stay as they are."""
    return " ".join(word if word[1:] != word[1:].lower() else word.lower() for word in text.split(" "))


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: "1 stall", "1,204 stalls"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _in(figure: str, currency: str) -> str:
    return f"{currency} {figure}" if currency else f"{figure}, no currency"


def _day(at: datetime) -> str:
    local = at.astimezone(UTC)
    return f"{local.day} {local:%b}"
