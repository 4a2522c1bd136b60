"""roadtx, the command that is built on roadlib: a person by name and password, at both of Entra's endpoints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from hybridjoin.model.site import Site
from tests.peers import by_password, python
from tests.peers.by_password import Asked
from tests.peers.callers import Caller, Told
from tests.peers.hall import Hall
from tests.peers.persons import GRAPH

HERE = Path(__file__).parent
V1, V2 = ("--resource", GRAPH), ("--scope", f"{GRAPH}/User.Read openid")


def visit(brought: Path, hall: Hall) -> Iterator[Told]:
    """Sign carol in; what the identity provider is asked is the same for both endpoints, and tried in full for one."""
    found = [f"v1: {fault}" for fault in by_password.faults(command(brought, hall, V1), hall)]
    at_v2 = by_password.faults_at({"as AD FS": {"profile": "adfs"}}, command(brought, hall, V2), hall)
    yield "sign-in-username", [*found, *(f"v2.0: {fault}" for fault in at_v2)]


def command(brought: Path, hall: Hall, words: tuple[str, str]) -> Asked:
    """Return what the command makes of it; it asks for the password, and where there is no terminal reads it."""

    def asked(_site: Site, user: str, password: str) -> Mapping[str, str]:
        program = python.interpreter(brought).with_name("roadtx")
        done = hall.carried_out(
            program, "gettokens", "--tokens-stdout", "--username", user, *words, told=f"{password}\n"
        )
        printed = done.stdout[done.stdout.find("{") :]
        try:
            return {"token": json.loads(printed)["accessToken"]}
        except (json.JSONDecodeError, KeyError):
            return {"refused": f"{done.stdout} {done.stderr}".strip()[-3000:]}

    return asked


CALLER = Caller(
    name="roadtx",
    title="roadtx 1.22.1",
    lock="roadtx.txt",
    fetch=partial(python.fetch, lock=HERE / "roadtx.txt"),
    doors={"sign-in-username": f"at both endpoints, {by_password.WORKS}"},
    visit=visit,
)
