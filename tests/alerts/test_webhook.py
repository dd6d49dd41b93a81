import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from support.webhook_receiver import WebhookReceiver

from alerts.errors import DeliveryError, Reason
from alerts.ports import Message
from alerts.webhook import WebhookChannel, retry_after
from core.errors import SettingsError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the example of the Standard Webhooks specification
AT = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
MESSAGE = Message("a1b2-1-firing-webhook", '{"status": "firing", "title": "Zürich"}', AT)


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as listening:
        yield listening


@pytest.fixture
def channel(receiver: WebhookReceiver) -> Iterator[WebhookChannel]:
    channel = WebhookChannel(receiver.url, SECRET)
    yield channel
    channel.close()


@pytest.mark.process
@pytest.mark.enable_socket
def test_a_message_arrives_signed_as_the_specification_says(channel: WebhookChannel, receiver: WebhookReceiver) -> None:
    channel.send(MESSAGE)

    (request,) = receiver.received
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    digest = hmac.new(key, f"{MESSAGE.id}.{int(AT.timestamp())}.{MESSAGE.body}".encode(), hashlib.sha256).digest()
    assert request.body == MESSAGE.body
    assert request.headers["webhook-id"] == MESSAGE.id
    assert request.headers["webhook-timestamp"] == "1772625600"  # 2026-03-04T12:00:00Z
    assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert request.headers["content-type"] == "application/json"


@pytest.mark.process
@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("status", "reason", "permanent"),
    [
        (0, Reason.DISCONNECTED, False),
        (301, Reason.REDIRECTED, True),
        (307, Reason.REDIRECTED, True),
        (400, Reason.REJECTED, True),
        (401, Reason.REJECTED, True),
        (404, Reason.REJECTED, True),
        (408, Reason.TIMED_OUT, False),
        (410, Reason.REJECTED, True),
        (429, Reason.THROTTLED, False),
        (500, Reason.RECEIVER_ERROR, False),
        (503, Reason.RECEIVER_ERROR, False),
    ],
)
def test_a_refusal_has_a_reason_and_says_whether_to_repeat(
    channel: WebhookChannel, receiver: WebhookReceiver, status: int, reason: Reason, *, permanent: bool
) -> None:
    receiver.answers = [(status, {"location": receiver.url} if 300 <= status < 400 else {})]

    with pytest.raises(DeliveryError) as refusal:
        channel.send(MESSAGE)

    assert (refusal.value.reason, refusal.value.permanent) == (reason, permanent)
    assert len(receiver.received) == 1


@pytest.mark.process
@pytest.mark.enable_socket
def test_a_receiver_can_ask_for_time(channel: WebhookChannel, receiver: WebhookReceiver) -> None:
    receiver.answers = [(429, {"retry-after": "90"})]

    with pytest.raises(DeliveryError) as refusal:
        channel.send(MESSAGE)

    assert refusal.value.retry_after == timedelta(seconds=90)


@pytest.mark.process
@pytest.mark.enable_socket
def test_a_receiver_that_is_not_there_is_tried_again() -> None:
    with WebhookReceiver() as gone:
        url = gone.url
    channel = WebhookChannel(url, SECRET)

    with pytest.raises(DeliveryError) as refusal:
        channel.send(MESSAGE)

    assert (refusal.value.reason, refusal.value.may_have_arrived) == (Reason.UNREACHABLE, False)
    channel.close()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Wed, 04 Mar 2026 12:10:00 GMT", 600),
        ("Wed, 04 Mar 2026 11:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: int | None) -> None:
    assert retry_after(text, AT) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize("url", ["", "ftp://host/x", "host/x", "http://", "https:///path", "http://[::1"])
def test_an_address_that_cannot_be_posted_to_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match="STALLWATCH_WEBHOOK_URL"):
        WebhookChannel(url, SECRET)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_a", "whsec_ä"])
def test_a_secret_that_cannot_sign_is_refused_at_the_start_without_showing_it(secret: str) -> None:
    with pytest.raises(SettingsError, match="STALLWATCH_WEBHOOK_SECRET: it must be base64"):
        WebhookChannel("http://localhost/x", secret)
