"""Bodies come plain or compressed with gzip; what unpacks to more than is allowed is refused before it is unpacked."""

import zlib

from collector.errors import RequestError, TooLargeError

GZIP = 16 + zlib.MAX_WBITS


def decompressed(raw: bytes, encoding: str, limit: int) -> bytes:
    """Return the body; `encoding` is the Content-Encoding header, `limit` the most bytes taken.

    Raises RequestError for an encoding we do not read and for damaged gzip, TooLargeError past the limit.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return raw
        case "gzip" | "x-gzip":
            return _gunzip(raw, limit)
        case other:
            message = f"Content-Encoding {other!r} is not supported; send identity or gzip"
            raise RequestError(message)


def _gunzip(raw: bytes, limit: int) -> bytes:
    members: list[bytes] = []
    size = 0
    while raw or not members:
        unpacker = zlib.decompressobj(GZIP)
        try:
            members.append(unpacker.decompress(raw, limit - size + 1))
        except zlib.error as error:
            message = f"the body is not valid gzip: {error}"
            raise RequestError(message) from None
        size += len(members[-1])
        if size > limit:
            message = f"the body is larger than {limit} bytes when decompressed; send smaller batches"
            raise TooLargeError(message)
        if not unpacker.eof:
            message = "the body is not valid gzip: it ends too early"
            raise RequestError(message)
        raw = unpacker.unused_data
    return b"".join(members)
