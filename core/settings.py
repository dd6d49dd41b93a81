"""Settings: from `STALLWATCH_*` variables, a TOML file and secret files; what is unknown or invalid refuses to start.

Order, strongest first: command line, environment, secret files, TOML file, defaults. A secret may be given as a file:
`STALLWATCH_<NAME>_FILE=/run/secrets/x`. Every setting is described in `docs/operations.md`.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator

from core.dsn import embedded_dsn
from core.errors import SettingsError
from core.loopback import is_loopback

PREFIX = "STALLWATCH_"
SECRETS = ("dsn", "webhook_secret", "redaction_key")
LEAST_KEY = 32  # characters: short numbers that are hashed under a guessable key can be found by trying
# No standard defines aging buckets: these are the week's working rhythm, then the fortnight and the month.
AGING_BOUNDS_DAYS = (0, 1, 3, 7, 14, 30)
# A name that nobody thought of is a person's, so that it makes an invoice touched rather than touchless.
SYSTEM_ACTORS = (
    "svc-*",
    "svc_*",
    "service-*",
    "system*",
    "batch*",
    "bot-*",
    "rpa-*",
    "robot*",
    "*-adapter",
    "interface*",
)
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - listened on as the operator says; a link names loopback


class Settings(BaseModel):
    """Everything an operator can set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_dir: Path = Field(Path("stallwatch-data"), description="Directory of the embedded engine and of local state.")
    dsn: SecretStr | None = Field(
        None,
        description="clickhouse://user:password@host:8123/database, or chdb:///dir. Default: chdb:///<data_dir>/db.",
    )
    registry: Path | None = Field(None, description="YAML file of facilities and integrations.")
    models: tuple[str, ...] = Field(
        ("procure-to-pay", "supplier-master"), min_length=1, description="Journey models: shipped names or YAML files."
    )
    objectives: tuple[str, ...] | None = Field(
        None,
        description="Objectives: shipped names or OpenSLO files; empty: none. Default: those of the shipped models.",
    )
    host: str = Field("127.0.0.1", description="Address the console and the collector listen on.")
    console_port: int = Field(8080, ge=0, le=65535, description="Port of the console and the JSON API.")
    otlp_port: int = Field(
        4318, ge=0, le=65535, validate_default=True, description="Port of OTLP/HTTP and CloudEvents."
    )
    otlp_grpc_port: int = Field(4317, ge=0, le=65535, validate_default=True, description="Port of OTLP/gRPC.")
    public_url: str | None = Field(
        None, description="Where users reach the console; used in alert links. Default: the console's own address."
    )
    max_body_bytes: int = Field(64 * 1024**2, gt=0, description="Largest request body, raw and decompressed.")
    max_in_flight_bytes: int = Field(
        256 * 1024**2, gt=0, validate_default=True, description="Largest sum of bodies not yet stored."
    )
    max_in_flight_bytes_per_key: int | None = Field(
        None, gt=0, description="Of these, the bodies of one API key. Default: a quarter of all."
    )
    retention_spans_days: int = Field(
        30, ge=0, le=36_500, description="Days that spans are kept after they were received; 0: for ever."
    )
    retention_events_days: int = Field(
        0, ge=0, le=36_500, description="Days that events are kept after they were received; 0: for ever."
    )
    retention_quarantine_days: int = Field(
        90, ge=0, le=36_500, description="Days that quarantined records are kept; 0: for ever."
    )
    require_keys: Literal["auto", "always"] = Field(
        "auto", description="Who needs an API key. auto: everybody, unless the address is on loopback."
    )
    access_refresh_seconds: float = Field(
        5.0, gt=0, le=3600, description="Pause until keys and integrations changed elsewhere are in force here."
    )
    redaction: Path | None = Field(
        None, description="YAML file of what must not be stored. Default: what ships (`collector/redaction/phi.yaml`)."
    )
    redaction_key: SecretStr | None = Field(
        None, description="At least 32 characters. With it private values are replaced by keyed hashes, else dropped."
    )
    max_attributes: int = Field(
        256, ge=1, le=10_000, description="Most attributes of a record, of its resource, and of one event of a span."
    )
    max_key_bytes: int = Field(
        256,
        ge=16,
        le=4096,
        description="Longest key, and longest event id, event type, object reference and integration.",
    )
    max_value_bytes: int = Field(65_536, ge=256, le=16 * 1024**2, description="Longest text of a record.")
    max_array_elements: int = Field(
        1000, ge=1, le=100_000, description="Longest array or list, and most objects, events and links of a record."
    )
    max_nesting: int = Field(2, ge=0, le=2, description="How deep arrays and lists may stand in a value.")
    max_record_age_days: int = Field(
        3650, ge=1, le=36_500, description="How long before its arrival a record may date."
    )
    max_skew_seconds: int = Field(
        86_400, ge=0, le=31_536_000, description="How long after its arrival a record may date: clocks differ."
    )
    tick_seconds: float = Field(0.5, gt=0, le=3600, description="Pause between correlator ticks.")
    alert_tick_seconds: float = Field(15.0, gt=0, le=3600, description="Pause between alert evaluations.")
    webhook_url: str | None = Field(None, description="Where alert notifications are delivered.")
    webhook_secret: SecretStr | None = Field(None, description="Signing secret (whsec_…) of the webhook.")
    aging_bounds_days: tuple[float, ...] = Field(
        AGING_BOUNDS_DAYS, description="Where the age buckets of exceptions begin, in days, rising from 0."
    )
    system_actors: tuple[str, ...] = Field(
        SYSTEM_ACTORS,
        description="Actors that are systems, as shell patterns; whoever else acts on an invoice is a person.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_json: bool = Field(True, description="One JSON object a line; false renders for a terminal.")

    @field_validator("models", "objectives", "aging_bounds_days", "system_actors", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("aging_bounds_days")
    @classmethod
    def _rising_from_zero(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not value or value[0] != 0 or sorted(set(value)) != list(value):
            message = "it must rise from 0, as in 0,1,3,7,14,30"
            raise ValueError(message)
        return value

    @field_validator("otlp_port", "otlp_grpc_port")
    @classmethod
    def _a_port_of_its_own(cls, value: int, others: ValidationInfo) -> int:
        for name, taker in (("console_port", "the console"), ("otlp_port", "OTLP/HTTP")):
            if value and name != others.field_name and value == others.data.get(name):
                message = f"port {value} is taken by {taker}; each of the three needs its own"
                raise ValueError(message)
        return value

    @field_validator("redaction_key")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < LEAST_KEY:
            message = f"it must have {LEAST_KEY} characters at least, for example from: openssl rand -hex 32"
            raise ValueError(message)
        return value

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "http://default")
        if value == "" or parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            message = "it must be http://… or https://… with a host, and nothing after the path"
            raise ValueError(message)
        return value

    @field_validator("max_in_flight_bytes")
    @classmethod
    def _room_for_one(cls, value: int, others: ValidationInfo) -> int:
        if value < others.data.get("max_body_bytes", 0):
            message = f"{value} is less than STALLWATCH_MAX_BODY_BYTES, so that the largest body could never be taken"
            raise ValueError(message)
        return value

    @property
    def keys_required(self) -> bool:
        """Whether nobody gets in without an API key; always so where others than this machine reach us."""
        return self.require_keys == "always" or not is_loopback(self.host)

    @property
    def in_flight_bytes_per_key(self) -> int:
        """The most bytes of one API key that wait to be stored."""
        return self.max_in_flight_bytes_per_key or self.max_in_flight_bytes // 4

    @property
    def console_url(self) -> str:
        """Where users reach the console, without a slash at the end."""
        return (self.public_url or self._own(self.console_port)).rstrip("/")

    @property
    def collector_url(self) -> str:
        """Where senders on this machine reach OTLP/HTTP, without a slash at the end."""
        return self._own(self.otlp_port)

    def _own(self, port: int) -> str:
        host = EVERYWHERE.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    @property
    def store(self) -> str:
        """The DSN in force."""
        return self.dsn.get_secret_value() if self.dsn else embedded_dsn(self.data_dir / "db")


def load_settings(
    overrides: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> Settings:
    """Merge file, secret files, environment and overrides into Settings.

    Raises SettingsError naming each setting that is unknown or invalid, and why.
    """
    variables = dict(os.environ if environment is None else environment)  # noqa: TID251 - the one place that reads it
    file = file or (Path(variables[f"{PREFIX}CONFIG"]) if f"{PREFIX}CONFIG" in variables else None)
    merged = _from_file(file) | _from_environment(variables)
    merged |= {name: value for name, value in (overrides or {}).items() if value is not None}
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"cannot read the settings file {file}: {error.strerror}"
        raise SettingsError(message) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{file} is not valid TOML: {error}"
        raise SettingsError(message) from None


def _from_environment(variables: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in variables.items():
        if not key.startswith(PREFIX) or key == f"{PREFIX}CONFIG":
            continue
        name = key.removeprefix(PREFIX).lower()
        if name.endswith("_file") and name.removesuffix("_file") in SECRETS:
            found.setdefault(name.removesuffix("_file"), _secret(key, Path(value)))
        else:
            found[name] = value
    return found


def _secret(key: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{key}: cannot read {file}: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}"
        raise SettingsError(message) from None


def _explain(error: ValidationError) -> str:
    problems = []
    for problem in error.errors(include_input=False, include_url=False):
        name = f"{PREFIX}{'.'.join(str(part) for part in problem['loc']).upper()}"
        known = problem["type"] != "extra_forbidden"
        problems.append(
            f"{name}: {problem['msg'].removeprefix('Value error, ') if known else 'there is no such setting'}"
        )
    return "; ".join(problems)
