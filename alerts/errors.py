"""Why a notification did not arrive: one error for every channel, with a closed set of reasons."""

from datetime import timedelta
from enum import StrEnum

from core.errors import StallwatchError


class Reason(StrEnum):
    """Every way a delivery can fail; also a metric label, so the set is closed."""

    BAD_URL = "bad_url"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    DISCONNECTED = "disconnected"
    REDIRECTED = "redirected"
    REJECTED = "rejected"
    THROTTLED = "throttled"
    RECEIVER_ERROR = "receiver_error"
    NOT_CONFIGURED = "not_configured"
    FIRING_UNDELIVERED = "firing_undelivered"


PERMANENT = {Reason.BAD_URL, Reason.REDIRECTED, Reason.REJECTED, Reason.FIRING_UNDELIVERED}
# Without an answer, or with a server's own failure, the receiver may have taken the notification all the same.
AMBIGUOUS = {Reason.TIMED_OUT, Reason.DISCONNECTED, Reason.RECEIVER_ERROR}


class DeliveryError(StallwatchError):
    """A receiver did not take a notification; `retry_after` is how long it asked to be left alone."""

    status = 502

    def __init__(self, reason: Reason, detail: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.retry_after = retry_after
        self.permanent = reason in PERMANENT
        self.retryable = not self.permanent
        self.may_have_arrived = reason in AMBIGUOUS
