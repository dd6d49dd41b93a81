import json

import pytest

from core.logs import configure_logs, get_logger


def test_a_log_line_is_one_json_object_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(level="info")

    get_logger("collector").info("batch_stored", events=3)

    captured = capsys.readouterr()
    line = json.loads(captured.err)
    assert captured.out == ""
    assert {"room": "collector", "event": "batch_stored", "events": 3, "level": "info"}.items() <= line.items()
    assert line["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(level="warning")

    get_logger("collector").info("batch_stored")

    assert capsys.readouterr().err == ""


def test_a_terminal_gets_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(as_json=False)

    get_logger("collector").info("batch_stored", events=3)

    assert "batch_stored" in capsys.readouterr().err
