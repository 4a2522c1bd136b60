"""A program of a caller's that signs a person in by name and password, held to what has to come of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from hybridjoin.model.site import Site
from tests.peers import python
from tests.peers.hall import Hall
from tests.peers.persons import SHAPES, faults_of_token

WORKS = "a token by realm, metadata, usernamemixed and grant in both versions; a wrong password in the IdP's words"
WRONG = "another one"


def faults(program: Path, brought: Path, hall: Hall) -> Iterator[str]:
    """Let carol sign in at each shape of the identity provider, and once with a wrong password."""
    for name, settings in SHAPES.items():
        with hall.lab.site(idp=settings) as site:
            account, password = hall.person(site, "carol")
            found = _asked(program, brought, hall, site, password)
            told = faults_of_token(found.get("token", ""), site, account.user_principal_name, methods=["pwd"])
            yield from (f"{name}: {found.get('refused') or fault}" for fault in told)
    with hall.lab.site(idp={"profile": "adfs"}) as site:
        refused = _asked(program, brought, hall, site, WRONG).get("refused", "no refusal")
        if "FailedAuthentication" not in refused or WRONG in refused:
            yield f"a wrong password: {refused}"


def _asked(program: Path, brought: Path, hall: Hall, site: Site, password: str) -> dict[str, str]:
    account, _ = hall.person(site, "carol")
    authority = f"{site.entra.login_url}/{site.entra.tenant_id}"
    command = (python.interpreter(brought), "-W", "ignore::DeprecationWarning", program, authority)
    done = hall.carried_out(*command, account.user_principal_name, told=f"{password}\n")
    if done.returncode != 0:
        return {"refused": done.stderr.strip()[-500:]}
    found: dict[str, str] = json.loads(done.stdout)
    return found
