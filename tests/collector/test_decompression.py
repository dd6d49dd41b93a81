import gzip
import zlib

import pytest

from collector.decompression import decompressed
from collector.errors import RequestError, TooLargeError

TEXT = b"telemetry " * 100


@pytest.mark.parametrize("encoding", ["gzip", "GZIP ", "x-gzip"])
def test_gzip_is_read(encoding: str) -> None:
    assert decompressed(gzip.compress(TEXT, mtime=0), encoding, 1000) == TEXT


def test_gzip_in_several_members_is_read_whole() -> None:
    assert decompressed(gzip.compress(b"one", mtime=0) + gzip.compress(b"two", mtime=0), "gzip", 6) == b"onetwo"


@pytest.mark.parametrize("encoding", ["", "identity"])
def test_a_plain_body_is_taken_as_it_is(encoding: str) -> None:
    assert decompressed(TEXT, encoding, 1) is TEXT


def test_the_limit_is_exact() -> None:
    assert decompressed(gzip.compress(TEXT, mtime=0), "gzip", len(TEXT)) == TEXT
    with pytest.raises(TooLargeError):
        decompressed(gzip.compress(TEXT, mtime=0), "gzip", len(TEXT) - 1)


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    bomb = gzip.compress(bytes(50_000_000), mtime=0) * 20

    with pytest.raises(TooLargeError):
        decompressed(bomb, "gzip", 1_000_000)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (TEXT, "gzip"),
        (b"", "gzip"),
        (gzip.compress(TEXT, mtime=0)[:-4], "gzip"),
        (gzip.compress(TEXT, mtime=0) + b"rubbish", "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (TEXT, "br"),
        (gzip.compress(gzip.compress(TEXT), mtime=0), "gzip, gzip"),
    ],
)
def test_other_encodings_and_damage_are_refused(body: bytes, encoding: str) -> None:
    with pytest.raises(RequestError) as refusal:
        decompressed(body, encoding, 10_000)
    assert refusal.value.status == 400
