"""Why a request is not accepted. Each has its HTTP status, and says whether sending it again can help."""

from core.errors import StallwatchError


class RequestError(StallwatchError):
    """A request that is refused: nothing of it is stored, and sending the same again will not help."""

    status = 400
    outcome = "malformed"


class MediaTypeError(RequestError):
    """The content type is missing, or is none that this path takes."""

    status = 415
    outcome = "media_type"


class UnauthenticatedError(RequestError):
    """No API key, or one that is unknown, expired or revoked."""

    status = 401
    outcome = "unauthenticated"


class ForbiddenError(RequestError):
    """The API key is good, but not for this."""

    status = 403
    outcome = "forbidden"


class TooLargeError(RequestError):
    """The body is larger than is taken, raw or decompressed."""

    status = 413
    outcome = "too_large"


class SlowBodyError(RequestError):
    """The body did not come to its end in time: a sender that stops in the middle must not keep its place.

    It may send again: exporters drop what is answered with 408, and keep what is answered with 503.
    """

    status = 503
    retryable = True
    outcome = "slow"


class OverloadedError(RequestError):
    """Too many bytes wait to be stored; the same request will be welcome a little later."""

    status = 429
    retryable = True
    outcome = "overloaded"
