"""Bodies come plain or compressed; what unpacks to more than is allowed is refused before it is unpacked further."""

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from collector.errors import RequestError, TooLargeError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE = 1024**2  # unpacked at one time, so that the limit is noticed early
SLICE = 64 * 1024  # of the packed body handed over at one time: what an unpacker leaves over is copied
# One body of many tiny members would cost time without growing; a blocked gzip of 64 MiB has a thousand.
MOST_MEMBERS = 10_000
WINDOW_LOG = 23  # 8 MiB, the most that a Content-Encoding of zstd may ask a receiver for: RFC 9659
GZIP = 16 + zlib.MAX_WBITS
DEFLATE_METHOD, ZLIB_CHECK = 8, 31  # the first two bytes of a zlib stream: RFC 1950, section 2.2


class Unpacker(Protocol):
    """What unpacks one member (of gzip) or frame (of zstd)."""

    @property
    def eof(self) -> bool:
        """Whether the member is complete."""

    @property
    def needs_input(self) -> bool:
        """Whether all that was given is used."""

    @property
    def unused_data(self) -> bytes:
        """What followed the end of the member."""

    def decompress(self, data: bytes | memoryview, max_length: int) -> bytes:
        """Return at most `max_length` more bytes."""


class Inflater:
    """A zlib stream read as the other unpackers of the standard library are."""

    def __init__(self, window_bits: int) -> None:
        self._stream = zlib.decompressobj(window_bits)

    @property
    def eof(self) -> bool:
        """Whether the stream is complete."""
        return self._stream.eof

    @property
    def needs_input(self) -> bool:
        """Whether all that was given is used."""
        return not self._stream.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """What followed the end of the stream."""
        return self._stream.unused_data

    def decompress(self, data: bytes | memoryview, max_length: int) -> bytes:
        """Return at most `max_length` more bytes; `data` is only given where it is needed."""
        return self._stream.decompress(self._stream.unconsumed_tail or data, max_length)


def decompressed(raw: bytes, encoding: str, limit: int, grow: Callable[[int], None] = lambda _: None) -> bytes:
    """Return the body; `encoding` is the Content-Encoding header, `limit` the most bytes taken.

    `grow` is told of the bytes of a packed body while they are unpacked, and may raise. Raises RequestError for an
    encoding that is not read here and for a damaged body, TooLargeError past the limit.
    """
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return raw
    new = _unpackers(raw).get(name)
    if new is None:
        message = "this Content-Encoding is not supported; send identity, gzip, deflate or zstd"
        raise RequestError(message)
    pieces: list[bytes] = []
    size = 0
    for piece in _whole(raw, name, new):
        size += len(piece)
        if size > limit:
            message = f"the body is larger than {limit} bytes when decompressed; send smaller batches"
            raise TooLargeError(message)
        grow(len(piece))
        pieces.append(piece)
    return b"".join(pieces)


def _unpackers(raw: bytes) -> dict[str, Callable[[], Unpacker]]:
    return {
        "gzip": lambda: Inflater(GZIP),
        "x-gzip": lambda: Inflater(GZIP),
        "deflate": lambda: Inflater(zlib.MAX_WBITS if _has_zlib_header(raw) else -zlib.MAX_WBITS),
        "zstd": lambda: zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: WINDOW_LOG}),
    }


def _has_zlib_header(raw: bytes) -> bool:
    """Deflate over HTTP is zlib-wrapped by the standard and raw by habit: RFC 9110, section 8.4.1.2."""
    return raw[:1] != b"" and raw[0] & 0x0F == DEFLATE_METHOD and int.from_bytes(raw[:2], "big") % ZLIB_CHECK == 0


def _whole(raw: bytes, name: str, new: Callable[[], Unpacker]) -> Iterator[bytes]:
    """Yield what each member or frame unpacks to, the largest piece PIECE bytes."""
    view, place = memoryview(raw), 0
    for _ in range(MOST_MEMBERS):
        unpacker = new()
        while not unpacker.eof:
            given = view[place : place + SLICE] if unpacker.needs_input else b""
            place += len(given)
            piece = _piece(unpacker, given, name)
            if not (piece or given or unpacker.eof):
                message = f"the body is not valid {name}: it ends too early"
                raise RequestError(message)
            yield piece
        place -= len(unpacker.unused_data)
        if place == len(raw):
            return
    message = f"the body has more than {MOST_MEMBERS} {name} members; pack it as one"
    raise RequestError(message)


def _piece(unpacker: Unpacker, given: bytes | memoryview, name: str) -> bytes:
    try:
        return unpacker.decompress(given, PIECE)
    except (zlib.error, zstd.ZstdError) as error:
        message = f"the body is not valid {name}: {error}"
        raise RequestError(message) from None
