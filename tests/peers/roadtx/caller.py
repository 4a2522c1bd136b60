"""roadtx, the command that is built on roadlib: a person's token, devices in the person's name, and the logon's PRT."""

from __future__ import annotations

import json
import subprocess
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
BROKER, DRS = "29d9ed98-a469-4536-ade2-f981bc1d605e", "urn:ms-drs:enterpriseregistration.windows.net"
V1, V2 = ("--resource", GRAPH), ("--scope", f"{GRAPH}/User.Read openid")
SESSION_KEY_OCTETS = 32


def visit(brought: Path, hall: Hall) -> Iterator[Told]:
    """Sign carol in, have devices joined and registered in her name, and log her on at the one that was joined."""
    found = [f"v1: {fault}" for fault in by_password.faults(command(brought, hall, V1), hall)]
    at_v2 = by_password.faults_at({"as AD FS": {"profile": "adfs"}}, command(brought, hall, V2), hall)
    yield "sign-in-username", [*found, *(f"v2.0: {fault}" for fault in at_v2)]
    # AD FS' assertion of a person says nothing of a computer, which the registration service would go by.
    with hall.lab.site(idp={"profile": "adfs"}) as site:
        roadtx = Roadtx(brought, hall, site)
        yield "work-account", list(roadtx.devices())
        yield "prt", list(roadtx.logon())
        yield "leave", list(roadtx.removal())


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
            return {"refused": _words(done)}

    return asked


class Roadtx:
    """Its commands one after the other, in one folder: each finds there what the one before it wrote."""

    def __init__(self, brought: Path, hall: Hall, site: Site) -> None:
        self._python, self._hall, self._site = python.interpreter(brought), hall, site
        account, self._password = hall.person(site, "carol")
        self._user = account.user_principal_name

    def devices(self) -> Iterator[str]:
        """Get a token of the registration service, then a device of each join type that a person's token is good for.

        Its exit status is 0 whatever came of a registration: what it wrote is what counts.
        """
        asked = ("--username", self._user, "--client", BROKER, "--resource", DRS)
        done = self._run("gettokens", *asked, told=f"{self._password}\n")
        if not (self._hall.folder / ".roadtools_auth").exists():
            yield f"no token of the registration service: {_words(done)}"
        for action, name in {"join": "joined", "register": "registered"}.items():
            asked = ("--action", action, "--name", f"ROADTX-{name}", "--domain", self._site.entra.tenant_name)
            done = self._run("device", *asked, *_files(name))
            if not all((self._hall.folder / file).exists() for file in _files(name)[1::2]):
                yield f"device --action {action}: {_words(done)}"

    def logon(self) -> Iterator[str]:
        """Ask for a PRT by the identity provider's assertion, at the device that was joined and is now carol's."""
        told = f"{self._user}\n{self._password}\n"
        got = self._hall.carried_out(self._python, HERE / "assertion.py", told=told)
        if got.returncode != 0:
            yield f"no assertion: {_words(got)}"
            return
        done = self._run("prt", "--saml-token", "stdin", *_files("joined"), told=got.stdout)
        kept = self._hall.folder / "roadtx.prt"
        if not kept.exists():
            yield f"prt: {_words(done)}"
            return
        prt = json.loads(kept.read_text("utf-8"))
        if not prt["refresh_token"] or len(bytes.fromhex(prt["session_key"])) != SESSION_KEY_OCTETS:
            yield f"prt: no PRT with a session key of {SESSION_KEY_OCTETS} octets"

    def removal(self) -> Iterator[str]:
        """Have both devices removed by their certificates, and find that neither can be removed twice."""
        for name in ("joined", "registered"):
            done = self._run("device", "--action", "delete", *_files(name))
            again = self._run("device", "--action", "delete", *_files(name))
            if "Device was deleted" not in done.stdout:
                yield f"{name}: {_words(done)}"
            if "Device was deleted" in again.stdout:
                yield f"{name}: it was removed twice"

    def _run(self, *words: str, told: str = "") -> subprocess.CompletedProcess[str]:
        return self._hall.carried_out(self._python.with_name("roadtx"), *words, told=told)


def _files(name: str) -> tuple[str, ...]:
    return ("--cert-pem", f"{name}.pem", "--key-pem", f"{name}.key")


def _words(done: subprocess.CompletedProcess[str]) -> str:
    return f"{done.stdout} {done.stderr}".strip()[-3000:]


CALLER = Caller(
    name="roadtx",
    title="roadtx 1.22.1",
    lock="roadtx.txt",
    fetch=partial(python.fetch, lock=HERE / "roadtx.txt"),
    doors={
        "sign-in-username": f"at both endpoints, {by_password.WORKS}",
        "work-account": "`device` joins and registers (join types 0 and 4) by a person's token",
        "prt": "`prt` gets a primary refresh token by the assertion, at the device that was joined",
        "leave": "`device --action delete` removes each device by its certificate, and none twice",
    },
    visit=visit,
)
