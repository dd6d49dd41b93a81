"""The root of every error that Stallwatch raises on purpose."""


class StallwatchError(Exception):
    """What happened, with what; whether trying again can help; and the HTTP status it maps to.

    The message is one line that a user can act on. The command line prints it without a traceback and exits 1.
    """

    status = 500
    retryable = False


class MisuseError(StallwatchError):
    """The caller asked for something that cannot be: exit 2, HTTP 400."""

    status = 400


class NotFoundError(StallwatchError):
    """There is no such thing."""

    status = 404


class SettingsError(StallwatchError):
    """A setting is unknown or invalid; the message names it and says why."""


class DefinitionError(StallwatchError):
    """A definition file (model, calendar, registry, rule) is wrong; the message names the file and the place."""


class StoreError(StallwatchError):
    """ClickHouse refused or failed a statement."""


class StoreUnavailableError(StoreError):
    """ClickHouse cannot be reached or opened; a later try may succeed."""

    status = 503
    retryable = True
