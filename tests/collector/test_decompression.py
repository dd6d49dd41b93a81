import gzip
import zlib

import pytest

from collector.decompression import MOST_MEMBERS, PIECE, decompressed, zstd
from collector.errors import OverloadedError, RequestError, TooLargeError

TEXT = b"telemetry " * 100


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


PACKERS = {
    "gzip": ("gzip", gzipped),
    "in capitals": ("GZIP ", gzipped),
    "old name": ("x-gzip", gzipped),
    "deflate in zlib": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "stored deflate": ("deflate", lambda content: zlib.compress(content, 0)),
    "zstd": ("zstd", zstd.compress),
}
every_packer = pytest.mark.parametrize(("encoding", "pack"), PACKERS.values(), ids=PACKERS)


@every_packer
def test_a_packed_body_is_read(encoding: str, pack) -> None:
    assert decompressed(pack(TEXT), encoding, 1000) == TEXT


@every_packer
def test_a_body_larger_than_a_piece_is_read_whole(encoding: str, pack) -> None:
    body = b"".join(number.to_bytes(4, "big") for number in range(PIECE))

    assert decompressed(pack(body), encoding, len(body)) == body


@every_packer
def test_an_empty_body_may_be_packed(encoding: str, pack) -> None:
    assert decompressed(pack(b""), encoding, 1) == b""


@pytest.mark.parametrize(("encoding", "pack"), [PACKERS["gzip"], PACKERS["zstd"]], ids=["gzip", "zstd"])
def test_several_members_are_read_as_one(encoding: str, pack) -> None:
    assert decompressed(pack(b"one") + pack(b"") + pack(b"two"), encoding, 6) == b"onetwo"


@pytest.mark.parametrize("encoding", ["", "identity"])
def test_a_plain_body_is_taken_as_it_is(encoding: str) -> None:
    assert decompressed(TEXT, encoding, 1) is TEXT


@every_packer
def test_the_limit_is_exact(encoding: str, pack) -> None:
    assert decompressed(pack(TEXT), encoding, len(TEXT)) == TEXT
    with pytest.raises(TooLargeError):
        decompressed(pack(TEXT), encoding, len(TEXT) - 1)


@every_packer
def test_a_bomb_is_refused_before_it_goes_off(encoding: str, pack) -> None:
    unpacked: list[int] = []

    with pytest.raises(TooLargeError):
        decompressed(pack(bytes(50_000_000)), encoding, PIECE, unpacked.append)
    assert sum(unpacked) <= PIECE


def test_a_bomb_in_many_members_is_refused() -> None:
    with pytest.raises(TooLargeError):
        decompressed(gzipped(bytes(1000)) * 2000, "gzip", 1_000_000)


def test_a_body_of_members_without_end_is_refused() -> None:
    with pytest.raises(RequestError, match="pack it as one"):
        decompressed(gzipped(b"") * (MOST_MEMBERS + 1), "gzip", 10)


def test_unpacking_stops_where_there_is_no_room() -> None:
    def full(_: int) -> None:
        raise OverloadedError

    with pytest.raises(OverloadedError):
        decompressed(gzipped(TEXT), "gzip", 10_000, full)


def test_a_zstd_window_above_the_8_mib_of_rfc_9659_is_refused() -> None:
    wide = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0}
    packer = zstd.ZstdCompressor(options=wide)
    body = packer.compress(TEXT) + packer.flush()

    with pytest.raises(RequestError, match="not valid zstd"):
        decompressed(body, "zstd", 10_000)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (TEXT, "gzip"),
        (b"", "gzip"),
        (gzipped(TEXT)[:-4], "gzip"),
        (gzipped(TEXT)[:-4] + b"\0\0\0\0", "gzip"),
        (gzipped(TEXT) + b"rubbish", "gzip"),
        (TEXT, "deflate"),
        (b"", "deflate"),
        (zlib.compress(TEXT)[:-1], "deflate"),
        (zlib.compress(TEXT) + b"rubbish", "deflate"),
        (raw_deflate(TEXT)[:-1], "deflate"),
        (TEXT, "zstd"),
        (b"", "zstd"),
        (zstd.compress(TEXT)[:-1], "zstd"),
        (zstd.compress(TEXT) + b"rubbish", "zstd"),
        (TEXT, "br"),
        (gzipped(gzipped(TEXT)), "gzip, gzip"),
    ],
)
def test_other_encodings_and_damage_are_refused(body: bytes, encoding: str) -> None:
    with pytest.raises(RequestError) as refusal:
        decompressed(body, encoding, 10_000)
    assert refusal.value.status == 400
