"""Where a `stallwatch serve` of its own process listens, as it says itself."""

import subprocess
from collections.abc import Callable


def told_addresses(process: subprocess.Popen[str], said: Callable[[], str]) -> list[str]:
    """Return where console, HTTP and gRPC listen; where it did not start, fail with what it said on standard error."""
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    if not all(lines):
        status = process.wait(60)
        message = f"serve did not start (exit {status}): {said()[-4000:]}"
        raise AssertionError(message)
    return [line.split()[-1] for line in lines]
