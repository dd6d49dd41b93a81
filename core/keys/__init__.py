"""API keys. `key.py` says what one is, `store.py` keeps them, `ring.py` holds those in force in memory."""

from core.keys.key import SCOPES, ApiKey, Issued, KeyOrder, Scope, expiry
from core.keys.ring import KeyRing
from core.keys.store import KeyStore

__all__ = ["SCOPES", "ApiKey", "Issued", "KeyOrder", "KeyRing", "KeyStore", "Scope", "expiry"]
