from pathlib import Path

import pytest

from core.errors import SettingsError
from core.settings import SECRETS, Settings, load_settings


def test_without_anything_set_the_embedded_engine_lives_in_the_data_directory(tmp_path: Path) -> None:
    settings = load_settings({"data_dir": tmp_path}, environment={})

    assert settings.store == f"chdb://{tmp_path}/db"


def test_a_data_directory_with_awkward_characters_survives_in_the_dsn(tmp_path: Path) -> None:
    settings = load_settings({"data_dir": tmp_path / "a b?#%20"}, environment={})

    assert settings.store == f"chdb://{tmp_path}/a%20b%3F%23%2520/db"


def test_the_command_line_beats_the_environment_which_beats_secret_files_which_beat_the_settings_file(
    tmp_path: Path,
) -> None:
    file = tmp_path / "stallwatch.toml"
    file.write_text(
        'dsn = "chdb:///toml"\nhost = "toml"\nlog_level = "error"\ntick_seconds = 9\nwebhook_secret = "toml"\n'
    )
    (tmp_path / "dsn").write_text("chdb:///secret-file\n")
    (tmp_path / "secret").write_text("whsec_file")
    environment = {
        "STALLWATCH_DSN": "chdb:///environment",
        "STALLWATCH_DSN_FILE": str(tmp_path / "dsn"),
        "STALLWATCH_WEBHOOK_SECRET_FILE": str(tmp_path / "secret"),
        "STALLWATCH_HOST": "environment",
        "STALLWATCH_LOG_LEVEL": "warning",
    }

    settings = load_settings({"log_level": "debug", "host": None}, environment=environment, file=file)

    assert settings.log_level == "debug"
    assert settings.host == "environment"
    assert settings.store == "chdb:///environment"
    assert settings.webhook_secret is not None
    assert settings.webhook_secret.get_secret_value() == "whsec_file"
    assert settings.tick_seconds == 9


def test_the_settings_file_can_be_named_in_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "stallwatch.toml"
    file.write_text("console_port = 9000\n")

    assert load_settings(environment={"STALLWATCH_CONFIG": str(file)}).console_port == 9000


def test_variables_of_others_are_left_alone() -> None:
    assert load_settings(environment={"PATH": "/bin", "HOST": "elsewhere"}) == Settings()


def test_journey_models_are_listed_with_commas() -> None:
    settings = load_settings(environment={"STALLWATCH_MODELS": "procure-to-pay, own/model.yaml ,"})

    assert settings.models == ("procure-to-pay", "own/model.yaml")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("CONSOLE_PROT", "8080", "there is no such setting"),
        ("CONSOLE_PORT", "eighty", "valid integer"),
        ("CONSOLE_PORT", "70000", "less than or equal to 65535"),
        ("TICK_SECONDS", "0", "greater than 0"),
        ("TICK_SECONDS", "nan", "less than or equal to 3600"),
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("LOG_JSON", "perhaps", "valid boolean"),
        ("MAX_BODY_BYTES", "-1", "greater than 0"),
        ("MODELS", "", "at least 1 item"),
        ("OTLP_PORT", "8080", "port 8080 is taken by the console"),
        ("OTLP_GRPC_PORT", "8080", "port 8080 is taken by the console"),
        ("OTLP_GRPC_PORT", "4318", "port 4318 is taken by OTLP/HTTP"),
        ("MAX_IN_FLIGHT_BYTES", "1000", "less than STALLWATCH_MAX_BODY_BYTES"),
        ("PUBLIC_URL", "", "http://… or https://…"),
        ("PUBLIC_URL", "stalls.example", "http://… or https://…"),
        ("PUBLIC_URL", "ftp://stalls.example", "http://… or https://…"),
        ("PUBLIC_URL", "https://stalls.example/?a=b", "nothing after the path"),
        ("PUBLIC_URL", "http://[::1", "Invalid IPv6 URL"),
        ("HOST_FILE", "/run/secrets/host", "there is no such setting"),
    ],
)
def test_an_unknown_or_invalid_setting_refuses_to_start_with_its_name_and_the_reason(
    name: str, value: str, reason: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(environment={f"STALLWATCH_{name}": value})

    message = str(refused.value)
    assert message.startswith(f"STALLWATCH_{name}: ")
    assert reason in message
    assert "\n" not in message


def test_a_limit_of_one_body_is_held_against_the_limit_of_all_that_nobody_set() -> None:
    with pytest.raises(SettingsError, match=r"^STALLWATCH_MAX_IN_FLIGHT_BYTES: 268435456 is less"):
        load_settings(environment={"STALLWATCH_MAX_BODY_BYTES": "268435457"})


def test_every_port_may_be_left_open() -> None:
    settings = load_settings({"console_port": 0, "otlp_port": 0, "otlp_grpc_port": 0}, environment={})

    assert settings.console_port == settings.otlp_port == settings.otlp_grpc_port == 0


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"console_port": 9000}, "http://127.0.0.1:9000"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8080"),  # noqa: S104 - nothing listens in this test
        ({"host": "::"}, "http://[::1]:8080"),
        ({"host": "stalls.example"}, "http://stalls.example:8080"),
        ({"public_url": "https://stalls.example/watch/", "console_port": 9000}, "https://stalls.example/watch"),
    ],
)
def test_users_reach_the_console_at_its_own_address_unless_told_otherwise(given: dict[str, object], url: str) -> None:
    assert load_settings(given, environment={}).console_url == url


def test_every_wrong_setting_is_named_at_once() -> None:
    with pytest.raises(SettingsError, match=r"STALLWATCH_OTLP_PORT.*STALLWATCH_NOPE"):
        load_settings(environment={"STALLWATCH_NOPE": "1", "STALLWATCH_OTLP_PORT": "x"})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"host = ", "is not valid TOML"),
        (b"host = '\xff'", "is not valid TOML"),
        (b"hosts = 'x'", "STALLWATCH_HOSTS: there is no such setting"),
        (b"[host]\nname = 'x'", "STALLWATCH_HOST: Input should be a valid string"),
    ],
)
def test_a_wrong_settings_file_is_refused(tmp_path: Path, text: bytes, reason: str) -> None:
    file = tmp_path / "stallwatch.toml"
    file.write_bytes(text)

    with pytest.raises(SettingsError, match=reason):
        load_settings(environment={}, file=file)


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot read the settings file .*nope\.toml: No such file or directory"):
        load_settings(environment={"STALLWATCH_CONFIG": str(tmp_path / "nope.toml")})


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_can_come_from_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("chdb:///from-a-file-of-32-characters-or-more\n")

    settings = load_settings(environment={f"STALLWATCH_{name.upper()}_FILE": str(tmp_path / "secret")})

    assert getattr(settings, name).get_secret_value() == "chdb:///from-a-file-of-32-characters-or-more"


def test_a_missing_secret_file_is_named_with_its_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^STALLWATCH_DSN_FILE: cannot read .*nope: No such file or directory$"):
        load_settings(environment={"STALLWATCH_DSN_FILE": str(tmp_path / "nope")})


def test_a_secret_file_that_is_not_text_is_refused_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"whsec_\xff\xfe")

    with pytest.raises(SettingsError, match=r"STALLWATCH_WEBHOOK_SECRET_FILE: cannot read .*: it is not UTF-8 text$"):
        load_settings(environment={"STALLWATCH_WEBHOOK_SECRET_FILE": str(tmp_path / "secret")})


def test_secrets_are_not_shown_with_the_settings() -> None:
    settings = load_settings({"dsn": "clickhouse://u:hunter2@h/d", "webhook_secret": "whsec_hunter2"}, environment={})

    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump()}"


def test_every_secret_field_can_be_a_file() -> None:
    hidden = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}

    assert hidden == set(SECRETS)


@pytest.mark.parametrize(
    ("given", "required"),
    [
        ({}, False),
        ({"host": "::1"}, False),
        ({"host": "localhost"}, False),
        ({"require_keys": "always"}, True),
        ({"host": "0.0.0.0"}, True),  # noqa: S104 - nothing listens in this test
        ({"host": "::"}, True),
        ({"host": "10.1.2.3", "require_keys": "auto"}, True),
        ({"host": "stallwatch.example"}, True),
    ],
)
def test_keys_are_required_as_soon_as_others_can_reach_the_address(given: dict[str, str], *, required: bool) -> None:
    assert load_settings(given, environment={}).keys_required is required


def test_nobody_can_do_without_keys_where_others_reach_us() -> None:
    with pytest.raises(SettingsError, match="STALLWATCH_REQUIRE_KEYS"):
        load_settings(environment={"STALLWATCH_REQUIRE_KEYS": "never"})


def test_a_key_may_have_a_quarter_of_the_bytes_in_flight_unless_it_is_said_otherwise() -> None:
    assert load_settings(environment={}).in_flight_bytes_per_key == 64 * 1024**2
    assert load_settings({"max_in_flight_bytes_per_key": 5}, environment={}).in_flight_bytes_per_key == 5
