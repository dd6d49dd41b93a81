"""The webhook channel: JSON by POST, signed as Standard Webhooks 1.0 says (webhook-id, -timestamp, -signature).

No redirect is followed, and neither proxies nor credentials are taken from the environment: what the operator set is
where it goes. The receiver's answer is read only as far as its status and Retry-After.
"""

import binascii
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from alerts.errors import DeliveryError, Reason
from alerts.ports import Message
from core.errors import SettingsError

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
STATUS_REASONS = {408: Reason.TIMED_OUT, 429: Reason.THROTTLED}


class WebhookChannel:
    """Posts to one address; an `alerts.ports.Channel`. Threads may share it."""

    def __init__(self, url: str, secret: str) -> None:
        """Take an http(s) URL and a secret, base64 with or without "whsec_". Raises SettingsError."""
        self._url = _checked(url)
        try:
            self._signer = Webhook(secret)
        except (binascii.Error, ValueError, EmptyWebhookSecretError):
            message = "STALLWATCH_WEBHOOK_SECRET: it must be base64, as in whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            raise SettingsError(message) from None
        self._client = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    def send(self, message: Message) -> None:
        """Post once. Raises DeliveryError."""
        headers = {
            "content-type": "application/json",
            "user-agent": "Stallwatch",
            "webhook-id": message.id,
            "webhook-timestamp": str(int(message.at.timestamp())),
            "webhook-signature": self._signer.sign(message.id, message.at.astimezone(UTC), message.body),
        }
        try:
            with self._client.stream("POST", self._url, content=message.body.encode(), headers=headers) as answer:
                _judge(answer, message.at)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise DeliveryError(Reason.BAD_URL, str(error)) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise DeliveryError(Reason.UNREACHABLE, str(error)) from error
        except httpx.TimeoutException as error:
            raise DeliveryError(Reason.TIMED_OUT, "no answer in time") from error
        except httpx.RequestError as error:
            raise DeliveryError(Reason.DISCONNECTED, str(error)) from error

    def close(self) -> None:
        """Close its connections."""
        self._client.close()


def _judge(answer: httpx.Response, now: datetime) -> None:
    if answer.is_success:
        return
    if answer.is_server_error:
        reason = Reason.RECEIVER_ERROR
    elif answer.is_redirect or answer.status_code < httpx.codes.BAD_REQUEST:
        reason = Reason.REDIRECTED
    else:
        reason = STATUS_REASONS.get(answer.status_code, Reason.REJECTED)
    detail = f"HTTP {answer.status_code}"
    raise DeliveryError(reason, detail, retry_after(answer.headers.get("retry-after", ""), now))


def retry_after(text: str, now: datetime) -> timedelta | None:
    """Read a Retry-After header: seconds or an HTTP date (RFC 9110 §10.2.3); None for anything else."""
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text), 10**9))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(at.replace(tzinfo=at.tzinfo or UTC) - now, timedelta(0))


def _checked(address: str) -> str:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        message = f"STALLWATCH_WEBHOOK_URL: {error}"
        raise SettingsError(message) from None
    if url.scheme not in {"http", "https"} or not url.host:
        message = "STALLWATCH_WEBHOOK_URL: it must be http://… or https://… with a host"
        raise SettingsError(message)
    return address
