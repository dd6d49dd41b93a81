from datetime import timedelta

import pytest
from support.key_rings import new_key, ring_of

from collector.access import Access, RateLimits
from collector.errors import ForbiddenError, OverloadedError, RequestError, UnauthenticatedError
from collector.senders import ANYONE, Sender
from core.clock import ManualClock
from core.keys import KeyRing
from core.rates import Rate


class Seconds:
    """A monotonic clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ring(clock: ManualClock) -> KeyRing:
    return ring_of(clock)


def access_of(
    ring: KeyRing, *, required: bool = True, rates: dict[str, Rate] | None = None, seconds: Seconds | None = None
) -> Access:
    return Access(ring, RateLimits((rates or {}).get, seconds or Seconds()), required=required)


def test_a_key_says_who_sends(ring: KeyRing) -> None:
    bound, free = new_key(ring, integration="erp"), new_key(ring)
    access = access_of(ring)

    assert access.admit(f"Bearer {bound.text}") == Sender(bound.key.key_id, "erp")
    assert access.admit(f"bearer  {free.text} ") == Sender(free.key.key_id, "")


def test_where_no_key_is_required_anyone_may_send_without(ring: KeyRing) -> None:
    assert access_of(ring, required=False).admit(None) is ANYONE


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    "credentials",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Bearer sw_0123456789ab_" + "0" * 48,
        "Basic c3c6eA==",
        "sw_0123456789ab",
    ],
)
def test_credentials_that_are_presented_must_be_good_asked_for_or_not(
    ring: KeyRing, credentials: str, *, required: bool
) -> None:
    with pytest.raises(UnauthenticatedError):
        access_of(ring, required=required).admit(credentials)


def test_without_a_key_where_one_is_required_the_refusal_says_what_to_send(ring: KeyRing) -> None:
    with pytest.raises(UnauthenticatedError, match="Authorization: Bearer sw_") as refusal:
        access_of(ring).admit(None)

    assert (refusal.value.status, refusal.value.retryable) == (401, False)


@pytest.mark.parametrize("scope", ["read", "admin"])
def test_a_key_of_another_scope_may_not_send(ring: KeyRing, scope: str) -> None:
    with pytest.raises(ForbiddenError, match=f"is for {scope}; sending needs one of scope ingest") as refusal:
        access_of(ring).admit(f"Bearer {new_key(ring, scope).text}")

    assert refusal.value.status == 403


def test_an_expired_key_is_refused(ring: KeyRing, clock: ManualClock) -> None:
    issued = new_key(ring, days=1)
    clock.advance(timedelta(days=1))

    with pytest.raises(UnauthenticatedError, match=f"the API key {issued.key.key_id} is expired"):
        access_of(ring).admit(f"Bearer {issued.text}")


def test_a_revoked_key_is_refused_at_once(ring: KeyRing) -> None:
    issued = new_key(ring)
    access = access_of(ring)
    access.admit(f"Bearer {issued.text}")

    ring.revoke(issued.key.key_id, "ops")

    with pytest.raises(UnauthenticatedError, match="is revoked"):
        access.admit(f"Bearer {issued.text}")


def test_no_refusal_repeats_what_was_presented(ring: KeyRing, clock: ManualClock) -> None:
    expired, reader = new_key(ring, days=1), new_key(ring, "read")
    clock.advance(timedelta(days=2))
    access = access_of(ring)

    for text in (expired.text, reader.text, expired.text[:-1] + "x", "hunter2-secret"):
        for credentials in (f"Bearer {text}", f"Basic {text}", text):
            with pytest.raises(RequestError) as refusal:
                access.admit(credentials)
            assert text.rpartition("_")[2] not in str(refusal.value)


def test_an_integration_is_kept_to_its_rate_and_others_are_not(ring: KeyRing) -> None:
    seconds = Seconds()
    erp, wms, free = (new_key(ring, integration=integration) for integration in ("erp", "wms", ""))
    access = access_of(ring, rates={"erp": Rate(2, 1)}, seconds=seconds)

    access.admit(f"Bearer {erp.text}")
    access.admit(f"Bearer {erp.text}")
    with pytest.raises(OverloadedError, match=r"erp sends more than the 2 requests in 1 s .* taken in 1 s") as refusal:
        access.admit(f"Bearer {erp.text}")
    for other in (wms, free):
        access.admit(f"Bearer {other.text}")
    seconds.now += 0.5
    access.admit(f"Bearer {erp.text}")

    assert (refusal.value.status, refusal.value.retryable) == (429, True)


def test_two_keys_of_an_integration_share_its_rate(ring: KeyRing) -> None:
    access = access_of(ring, rates={"erp": Rate(1, 3600)})

    access.admit(f"Bearer {new_key(ring, integration='erp').text}")

    with pytest.raises(OverloadedError, match="taken in 3600 s"):
        access.admit(f"Bearer {new_key(ring, integration='erp').text}")


def test_a_rate_that_changes_holds_from_the_next_request(ring: KeyRing) -> None:
    rates = {"erp": Rate(1, 3600)}
    issued = new_key(ring, integration="erp")
    access = access_of(ring, rates=rates)
    access.admit(f"Bearer {issued.text}")

    rates["erp"] = Rate(2, 1)
    access.admit(f"Bearer {issued.text}")
    del rates["erp"]

    for _ in range(10):
        access.admit(f"Bearer {issued.text}")
