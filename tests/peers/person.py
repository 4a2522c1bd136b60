"""A person with a browser: goes where pages lead, fills in the forms that ask who comes, and reads what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import requests
from lxml import html

MOVES_AT_MOST = 24
PASSWORD_FIELDS = {"passwd": "login", "Password": "UserName"}
"""The field of a password, at Entra's page and at AD FS', with the field of the name beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The page that a person is left with."""

    url: str
    status: int
    text: str


class Person:
    """One person, name and password known, in a browser without anybody's cookies."""

    def __init__(self, *, name: str, password: str, authorities: Path) -> None:
        self._name, self._password = name, password
        self._session = requests.Session()
        self._session.verify, self._session.trust_env = str(authorities), False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._session.close()

    def goes(self, url: str) -> Shown:
        """Open an address and do what the pages ask, until one asks nothing that was not answered before.

        Raises:
            RuntimeError: there is no end to it.
        """
        reply = self._session.get(url, timeout=20, allow_redirects=False)
        answered: set[str] = set()
        for _ in range(MOVES_AT_MOST):
            target = reply.headers.get("Location")
            if target is not None:
                reply = self._session.get(urljoin(reply.url, target), timeout=20, allow_redirects=False)
                continue
            form = self._form(reply, answered)
            if form is None:
                return Shown(url=reply.url, status=reply.status_code, text=reply.text)
            action, fields = form
            reply = self._session.post(action, data=dict(fields), timeout=20, allow_redirects=False)
        raise RuntimeError(f"there is no end to the pages; the last is {reply.url.partition('?')[0]}")

    def _form(self, reply: requests.Response, answered: set[str]) -> tuple[str, Mapping[str, str]] | None:
        """Return the form that a page wants sent, with its fields filled in; None where there is nothing to do."""
        forms = html.fromstring(reply.content).forms if reply.content else []
        if not forms:
            return None
        form, fields = forms[0], {name: value or "" for name, value in forms[0].form_values()}
        asked = next((name for name in PASSWORD_FIELDS if name in form.fields), "")
        if asked in answered or (not asked and (reply.status_code >= 400 or "submit()" not in reply.text)):
            return None  # the password was wrong, or only a click of the person's would send it
        if asked:
            answered.add(asked)
            fields |= {PASSWORD_FIELDS[asked]: self._name, asked: self._password}
        return urljoin(reply.url, form.action or reply.url), fields
