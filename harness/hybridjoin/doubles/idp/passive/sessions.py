"""Who has signed in at the passive door: sessions by the value of a cookie, as long as the IdP runs."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

COOKIE = "IdpSession"
KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in: the account, how it was proven and when."""

    account: str
    realm: str
    method: str
    at: datetime


class Sessions:
    """The sessions there are; the oldest goes where there are too many."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, session: Session) -> str:
        """Keep a session and return the value of its cookie."""
        value = secrets.token_urlsafe(24)
        with self._lock:
            self._sessions[value] = session
            while len(self._sessions) > KEPT:
                self._sessions.popitem(last=False)
        return value

    def find(self, value: str | None) -> Session | None:
        """Return the session of a cookie."""
        with self._lock:
            return self._sessions.get(value or "")

    def end(self, value: str | None) -> Session | None:
        """Forget a session; return it where there was one."""
        with self._lock:
            return self._sessions.pop(value or "", None)
