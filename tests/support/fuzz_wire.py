"""Protobuf by hand: pieces of wire form, well and badly made, and a count of records that no protobuf runtime makes."""

import random
from collections.abc import Iterator

VARINT, FIXED64, DELIMITED, GROUP, END_GROUP, FIXED32 = range(6)
# From an export request down to its records: resource groups are field 1, scope groups field 2, records field 2.
WAY_DOWN = (1, 2, 2)


class BadWireError(ValueError):
    """These bytes are not protobuf."""


def varint(value: int) -> bytes:
    """Return a base-128 number; a negative one as its 64-bit complement."""
    value &= 2**64 - 1
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def tag(number: int, kind: int) -> bytes:
    return varint(number << 3 | kind)


def delimited(number: int, payload: bytes) -> bytes:
    return tag(number, DELIMITED) + varint(len(payload)) + payload


def fixed64(number: int, value: int) -> bytes:
    return tag(number, FIXED64) + (value & (2**64 - 1)).to_bytes(8, "little")


def group(number: int, payload: bytes) -> bytes:
    return tag(number, GROUP) + payload + tag(number, END_GROUP)


def records_in(body: bytes, way: tuple[int, ...] = WAY_DOWN) -> int:
    """How many records a request holds. Raises BadWireError."""
    inner = [payload for number, payload in fields(body) if number == way[0] and payload is not None]
    return sum(records_in(payload, way[1:]) for payload in inner) if way[1:] else len(inner)


def fields(body: bytes) -> Iterator[tuple[int, bytes | None]]:
    """Each field's number, and its payload if it is length-delimited; groups are one field."""
    return ((number, payload if kind == DELIMITED else None) for number, kind, payload in pieces(body))


def pieces(body: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Each field's number, wire type, and what follows its tag (and its length, if it is delimited)."""
    at = 0
    while at < len(body):
        key, at = _read_varint(body, at)
        number, kind = key >> 3, key & 7
        start, at = _after(body, at, number, kind)
        yield number, kind, body[start:at]


def damaged(body: bytes, chance: random.Random, depth: int = 0) -> bytes:
    """Change one field, at any depth, and keep every length true: what is around it stays well formed."""
    try:
        parts = list(pieces(body))
    except BadWireError:
        parts = []
    if not parts:
        return chance.choice((b"", body[::-1], body * 2, chance.randbytes(chance.choice((1, 7, 8, 9, 16, 17)))))
    at = chance.randrange(len(parts))
    number, kind, payload = parts[at]
    if kind == DELIMITED and depth < 12 and chance.random() < 0.85:
        parts[at] = (number, kind, damaged(payload, chance, depth + 1))
    else:
        parts[at : at + 1] = _other(parts[at], chance.choice(parts), chance)
    return b"".join(_joined(*part) for part in parts)


def _other(
    part: tuple[int, int, bytes], another: tuple[int, int, bytes], chance: random.Random
) -> list[tuple[int, int, bytes]]:
    number, kind, payload = part
    return chance.choice(
        (
            [],
            [part, part],
            [part, another],
            [another, another],
            [(number, another[1], another[2])],
            [(chance.choice((0, 1, 2, 15, 16, 99, 1001, 1002, 2**28)), kind, payload)],
            [(number, VARINT, varint(chance.getrandbits(64)))],
            [(number, FIXED64, chance.randbytes(8))],
            [(number, DELIMITED, chance.randbytes(chance.randrange(20)))],
            [part, (number, GROUP, tag(number, END_GROUP))],
        )
    )


def _joined(number: int, kind: int, payload: bytes) -> bytes:
    return delimited(number, payload) if kind == DELIMITED else tag(number, kind) + payload


def _after(body: bytes, at: int, number: int, kind: int) -> tuple[int, int]:
    """Where the payload begins and ends."""
    if kind == VARINT:
        return at, _read_varint(body, at)[1]
    if kind in {FIXED64, FIXED32}:
        size = 8 if kind == FIXED64 else 4
    elif kind == DELIMITED:
        size, at = _read_varint(body, at)
    elif kind == GROUP:
        return at, _end_of_group(body, at, number)
    else:
        message = f"wire type {kind}"
        raise BadWireError(message)
    if at + size > len(body):
        message = "ends too early"
        raise BadWireError(message)
    return at, at + size


def _end_of_group(body: bytes, at: int, number: int) -> int:
    open_groups = [number]
    while open_groups:
        key, at = _read_varint(body, at)
        if key & 7 == GROUP:
            open_groups.append(key >> 3)
        elif key & 7 == END_GROUP:
            if open_groups.pop() != key >> 3:
                message = "groups overlap"
                raise BadWireError(message)
        else:
            at = _after(body, at, key >> 3, key & 7)[1]
    return at


def _read_varint(body: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if at >= len(body):
            message = "ends in a number"
            raise BadWireError(message)
        value |= (body[at] & 0x7F) << 7 * place
        at += 1
        if body[at - 1] < 0x80:
            return value & (2**64 - 1), at
    message = "a number of more than ten bytes"
    raise BadWireError(message)
