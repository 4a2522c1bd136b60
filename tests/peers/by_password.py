"""A program of a caller's that signs a person in by name and password, held to what has to come of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from hybridjoin.model.site import Site
from tests.peers import python
from tests.peers.callers import Caller, Told
from tests.peers.hall import Hall
from tests.peers.persons import SHAPES, faults_of_token

WORKS = "a token by realm, metadata, usernamemixed and grant in both versions; a wrong password in the IdP's words"
WRONG = "another one"
Asked = Callable[[Site, str, str], Mapping[str, str]]
"""Signs a user in with a password: the `token` that came, or how it was `refused`."""


def caller(here: Path, title: str) -> Caller:
    """Return the caller of a folder: its `glue.py` on a library for Python, which `NAME.txt` locks."""

    def visit(brought: Path, hall: Hall) -> Iterator[Told]:
        yield "sign-in-username", list(faults(program(here / "glue.py", brought, hall), hall))

    lock = here / f"{here.name}.txt"
    return Caller(
        name=here.name,
        title=title,
        lock=lock.name,
        fetch=partial(python.fetch, lock=lock),
        doors={"sign-in-username": WORKS},
        visit=visit,
    )


def faults(asked: Asked, hall: Hall) -> Iterator[str]:
    """Let carol sign in at each shape of the identity provider, and once with a wrong password."""
    yield from faults_at(SHAPES, asked, hall)
    with hall.lab.site(idp={"profile": "adfs"}) as site:
        account, _ = hall.person(site, "carol")
        refused = asked(site, account.user_principal_name, WRONG).get("refused", "no refusal")
        if "FailedAuthentication" not in refused or WRONG in refused:
            yield f"a wrong password: {refused}"


def faults_at(shapes: Mapping[str, Mapping[str, object]], asked: Asked, hall: Hall) -> Iterator[str]:
    """Let carol sign in at some shapes of the identity provider."""
    for name, settings in shapes.items():
        with hall.lab.site(idp=settings) as site:
            account, password = hall.person(site, "carol")
            found = asked(site, account.user_principal_name, password)
            told = faults_of_token(found.get("token", ""), site, account.user_principal_name, methods=["pwd"])
            yield from (f"{name}: {found.get('refused') or fault}" for fault in told)


def program(file: Path, brought: Path, hall: Hall) -> Asked:
    """Return what a program of ours on a library of theirs makes of it, in the library's own environment."""

    def asked(site: Site, user: str, password: str) -> Mapping[str, str]:
        authority = f"{site.entra.login_url}/{site.entra.tenant_id}"
        command = (python.interpreter(brought), "-W", "ignore::DeprecationWarning", file, authority, user)
        done = hall.carried_out(*command, told=f"{password}\n")
        if done.returncode != 0:
            return {"refused": done.stderr.strip()[-500:]}
        found: dict[str, str] = json.loads(done.stdout)
        return found

    return asked
