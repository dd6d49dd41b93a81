import hashlib
import hmac
import inspect
import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from support.key_rings import MemoryKeys, new_key, ring_of

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import MisuseError, NotFoundError, StoreUnavailableError
from core.keys import ApiKey, KeyOrder, KeyRing, KeyStore
from core.keys import key as key_module


def test_a_key_says_what_it_is_and_holds_192_random_bits(clock: ManualClock) -> None:
    ring = ring_of(clock)

    texts = {new_key(ring).text for _ in range(50)}

    assert len(texts) == 50
    assert all(re.fullmatch(r"sw_[0-9a-f]{12}_[0-9a-f]{48}", text) for text in texts)


def test_a_key_is_known_by_its_whole_text_only(clock: ManualClock) -> None:
    ring = ring_of(clock)
    issued = new_key(ring)
    wrong_end = issued.text[:-1] + ("0" if issued.text[-1] != "0" else "1")

    assert ring.identify(issued.text) == issued.key
    for text in (
        wrong_end,
        issued.text[:-1],
        issued.text + "0",
        issued.text.upper(),
        issued.key.key_id,
        "",
        "sw__",
        "\udce9",
        "ключ",
    ):
        assert ring.identify(text) is None


def test_keys_are_compared_in_constant_time() -> None:
    assert key_module.compare_digest is hmac.compare_digest
    assert "compare_digest(" in inspect.getsource(ApiKey.fits)
    assert "==" not in inspect.getsource(ApiKey.fits)


def test_neither_secret_nor_digest_shows_in_a_repr(clock: ManualClock) -> None:
    issued = new_key(ring_of(clock))

    shown = f"{issued!r} {issued} {issued.key!r}"

    assert issued.text.rpartition("_")[2] not in shown
    assert issued.key.digest not in shown


def test_a_key_expires_at_its_very_instant(clock: ManualClock) -> None:
    ring = ring_of(clock)
    key = new_key(ring, days=90).key

    clock.advance(timedelta(days=90) - timedelta(microseconds=1))
    assert ring.trouble(key) == ""
    clock.advance(timedelta(microseconds=1))
    assert ring.trouble(key) == f"the API key {key.key_id} is expired"


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (("", "ingest", ""), "name"),
        (("  ", "ingest", ""), "name"),
        (("x" * 201, "ingest", ""), "name"),
        (("board", "read", "erp"), "only a key to ingest"),
        (("ops", "admin", "erp"), "only a key to ingest"),
    ],
)
def test_a_key_that_cannot_be_is_refused(order: tuple[str, str, str], reason: str) -> None:
    with pytest.raises(MisuseError, match=reason):
        KeyOrder(*order)  # type: ignore[arg-type]  # as it comes from a command line


def test_a_key_cannot_be_expired_when_it_is_made(clock: ManualClock) -> None:
    with pytest.raises(MisuseError, match="before it is made"):
        new_key(ring_of(clock), days=0)


@pytest.mark.parametrize(
    ("scope", "allowed"), [("ingest", {"ingest"}), ("read", {"read"}), ("admin", {"read", "admin"})]
)
def test_a_scope_allows_no_more_than_it_says(clock: ManualClock, scope: str, allowed: set[str]) -> None:
    key = new_key(ring_of(clock), scope).key

    assert {each for each in ("ingest", "read", "admin") if key.allows(each)} == allowed  # type: ignore[arg-type]  # as above


def test_checking_a_key_asks_the_store_nothing(clock: ManualClock) -> None:
    store = MemoryKeys(clock)
    ring = KeyRing(store, clock)
    issued = new_key(ring)

    for _ in range(100):
        ring.identify(issued.text)

    assert store.asked == 0


def test_while_the_store_is_down_the_last_snapshot_holds(clock: ManualClock) -> None:
    store = MemoryKeys(clock)
    ring = KeyRing(store, clock)
    issued = new_key(ring)
    store.down = True

    with pytest.raises(StoreUnavailableError):
        ring.refresh()

    assert ring.identify(issued.text) == issued.key


def test_a_refresh_that_began_before_a_revocation_does_not_undo_it(clock: ManualClock) -> None:
    store = MemoryKeys(clock)
    ring = KeyRing(store, clock)
    issued = new_key(ring)
    reading, go_on, read_all = threading.Event(), threading.Event(), store.all

    def slowly() -> list[ApiKey]:
        found = read_all()
        reading.set()
        go_on.wait(60)
        return found

    store.all = slowly
    refreshing = threading.Thread(target=ring.refresh)
    refreshing.start()
    reading.wait(60)
    revoking = threading.Thread(target=ring.revoke, args=(issued.key.key_id, "ops"))
    revoking.start()
    go_on.set()
    refreshing.join(60)
    revoking.join(60)

    known = ring.identify(issued.text)
    assert known is not None
    assert ring.trouble(known).endswith("is revoked")


@pytest.mark.database
def test_the_store_keeps_a_digest_and_never_the_secret(database: Database, clock: ManualClock) -> None:
    issued = KeyStore(database, clock).create(KeyOrder("ERP adapter", "ingest", "erp", None), "ops")

    (row,) = database.rows("SELECT * FROM api_keys")
    assert row["digest"] == hashlib.sha256(issued.text.encode()).hexdigest()
    assert issued.text.rpartition("_")[2] not in str(row)


@pytest.mark.database
def test_a_revocation_reaches_another_process_with_its_next_refresh(database: Database, clock: ManualClock) -> None:
    here, there = (KeyRing(KeyStore(database, clock), clock) for _ in range(2))
    issued = new_key(here, integration="erp", days=90)
    there.refresh()
    assert there.identify(issued.text) == issued.key

    clock.advance(timedelta(seconds=1))
    revoked = here.revoke(issued.key.key_id, "ops")

    assert here.identify(issued.text) == revoked
    assert there.identify(issued.text) == issued.key
    there.refresh()
    assert there.identify(issued.text) == revoked == replace(issued.key, revoked_at=clock.now(), revoked_by="ops")


@pytest.mark.database
def test_the_first_revocation_stands_and_rows_tell_who_did_what(database: Database, clock: ManualClock) -> None:
    store = KeyStore(database, clock)
    key_id = store.create(KeyOrder("ERP adapter", "ingest"), "anna").key.key_id

    first = store.revoke(key_id, "ben")
    clock.advance(timedelta(days=1))
    second = store.revoke(key_id, "carl")

    assert first == second
    rows = database.rows("SELECT version, created_by, revoked_by FROM api_keys ORDER BY version")
    assert [tuple(row.values()) for row in rows] == [(1, "anna", ""), (2, "anna", "ben")]


@pytest.mark.database
def test_a_key_that_never_was_cannot_be_revoked(database: Database, clock: ManualClock) -> None:
    with pytest.raises(NotFoundError, match="no key of this id"):
        KeyStore(database, clock).revoke("0" * 12, "ops")
