"""The SDK notes documents on spans, and never raises into its host."""

import sys
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider

sys.path.insert(0, str(Path(__file__).parents[2] / "sdk"))

from stallwatch_sdk import OBJECTS, works_on

TRACER = TracerProvider().get_tracer("test")


def noted(span: object) -> tuple[str, ...]:
    assert isinstance(span, ReadableSpan)
    value = (span.attributes or {})[OBJECTS]
    assert isinstance(value, tuple)
    return tuple(str(item) for item in value)


def test_documents_are_noted_on_the_current_span_and_add_up() -> None:
    with TRACER.start_as_current_span("post") as span:
        works_on("purchase_order:1", "supplier:V-7")
        works_on("purchase_order:1", "invoice:2")

    assert noted(span) == ("purchase_order:1", "supplier:V-7", "invoice:2")


def test_what_is_no_document_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    span = TRACER.start_span("post")
    works_on("purchase_order:1", "nonsense", ":", 7, span=span)  # type: ignore[arg-type]  # a host may pass anything

    assert noted(span) == ("purchase_order:1",)
    assert "3 of 4" in caplog.text


def test_without_a_span_nothing_happens() -> None:
    works_on("purchase_order:1")


def test_a_span_that_fails_does_not_fail_its_host(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def set_attribute(self, name: str, value: object) -> None:
            raise RuntimeError(name)

    works_on("purchase_order:1", span=Broken())  # type: ignore[arg-type]  # a broken span of the host's

    assert "could not note" in caplog.text
