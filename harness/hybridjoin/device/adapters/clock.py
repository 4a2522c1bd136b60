"""The device's clock, and what it makes by chance: identifiers and keys."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hybridjoin.model.vault import VAULT

KEY_BITS = 2048
KEY = "a device's private key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The machine's clock, `offset_s` seconds ahead; it follows a frozen clock, as a scenario wishes."""

    offset_s: int = 0

    def now(self) -> datetime:
        """Read the clock."""
        return datetime.now(UTC) + timedelta(seconds=self.offset_s)


def new_id() -> uuid.UUID:
    """Make a random identifier."""
    return uuid.uuid4()


def make_key() -> RSAPrivateKey:
    """Make an RSA-2048 key; it is known as a secret from then on."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    VAULT.learn(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), KEY, lasting=True)
    return key


@dataclass(slots=True)
class KeyRing:
    """Real RSA keys, at most `size` of them: making one takes longer than the whole rest of a join.

    The first requests make keys, later ones take them in turn. No join needs more than three, so within one join
    device, transport and signing key always differ; a process that joins many devices uses keys again.
    """

    size: int = 4
    _keys: list[RSAPrivateKey] = field(default_factory=list)
    _next: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> RSAPrivateKey:
        """Return the next key."""
        with self._lock:
            if len(self._keys) < self.size:
                key = make_key()
                self._keys.append(key)
                return key
            self._next = (self._next + 1) % self.size
            return self._keys[self._next]


KEY_RING = KeyRing()
