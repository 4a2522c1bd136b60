"""What the OpenID provider remembers: requests that wait for a person, and codes that wait for an application."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from hybridjoin.doubles.entra.oidc.asked import Asked
from hybridjoin.doubles.entra.tenant import SyncedUser

CODE_LIFETIME = timedelta(minutes=10)
PATIENCE = timedelta(hours=1)
_REMEMBERED = 1000
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A request whose person has not signed in yet."""

    asked: Asked
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A code that was handed out."""

    asked: Asked
    user: SyncedUser
    at: datetime
    permissions: tuple[str, ...]

    def is_proven_by(self, verifier: str) -> bool:
        """Tell whether a code_verifier leads to the challenge that came with the request (RFC 7636, 4.6)."""
        if self.asked.challenge is None:
            return True
        challenge, method = self.asked.challenge
        if method == "S256":
            digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
            verifier = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        return secrets.compare_digest(verifier.encode(), challenge.encode())


class Kept(Generic[T]):
    """Things by an unguessable name; the oldest go where there are too many."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._things: OrderedDict[str, T] = OrderedDict()
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, thing: T) -> str:
        """Keep a thing and return its name."""
        name = f"{self._prefix}{secrets.token_urlsafe(96)}"
        with self._lock:
            self._things[name] = thing
            while len(self._things) > _REMEMBERED:
                self._things.popitem(last=False)
        return name

    def look(self, name: str) -> T | None:
        """Return a thing, which stays."""
        with self._lock:
            return self._things.get(name)

    def take(self, name: str) -> bool:
        """Mark a thing as used; false where it was used before."""
        with self._lock:
            before = name in self._taken
            self._taken[name] = None
            while len(self._taken) > _REMEMBERED:
                self._taken.popitem(last=False)
            return not before
