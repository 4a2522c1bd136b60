"""passport-wsfed-saml2 4.6.1 as a relying party: our own IdP's wresult is posted to it, whole and forged.

Its dependency xml-crypto is auth0's fork, which lies at a git host alone; package.json has the registry's 1.4.1 in its
place, of which the fork was made.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hybridjoin.errors import LabError
from hybridjoin.lab.lab import Lab
from hybridjoin.model.site import PersonAccount, Site
from tests.peers.fetched import node_modules, program
from tests.peers.passport.browser import Browser, Posted
from tests.peers.trials import Came, Trial, our_cpu_s

HERE = Path(__file__).parent
UPN = "http://schemas.xmlsoap.org/claims/UPN"
IMMUTABLE_ID = "http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID"
STRANGER = "mallory@hybridjoin.test"
FORGED = ("signature-strangers", "wrong-signing-key")
"""Faults of our IdP whose assertion nobody may take: somebody else's signature, with and without his certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What is brought: package-lock.json beside this file names every package with its digest."""

    name: str = "passport"
    title: str = "passport-wsfed-saml2 4.6.1, as relying party"
    lock: str = "package-lock.json"
    folder: Path = HERE

    def fetch(self, folder: Path) -> None:
        """Bring the modules that the lock names."""
        program("node", package="nodejs")
        node_modules(folder, HERE)


PASSPORT = Party()


def trial(brought: Path, lab: Lab, settings: Mapping[str, object]) -> Trial:
    """Sign a person in at a shape of our IdP, and give the party what comes of it, and what was forged of it."""
    began, cpu_s = time.monotonic(), our_cpu_s()
    faults = list(_faults(brought, lab, settings))
    return Trial(
        name=f"client {PASSPORT.title}",
        came=Came.FAILED if faults else Came.PASSED,
        words="; ".join(faults) or f"the person's claims, and {len(FORGED) + 2} forgeries refused",
        wall_s=time.monotonic() - began,
        cpu_s=our_cpu_s() - cpu_s,
    )


def _faults(brought: Path, lab: Lab, settings: Mapping[str, object]) -> Iterator[str]:
    """Say where the party took what it should not, or did not what it should."""
    for fault in ("", *FORGED):
        told = {**settings, "passive": {"door": "form"}, "faults": [{"name": fault}] if fault else []}
        with lab.site(idp=told) as site, _listening(brought, site) as url:
            person = site.people[0]
            posted = _signed_in(site, person)
            came = posted.at(url)
            if fault:
                yield from _forged(fault, came)
                continue
            yield from _whole(came, person)
            name = person.user_principal_name
            yield from _forged("a name that was changed afterwards", posted.with_text(name, STRANGER).at(url))
            yield from _forged("an unsigned twin of the assertion", posted.with_twin(name, STRANGER).at(url))


def _whole(came: Mapping[str, Any], person: PersonAccount) -> Iterator[str]:
    profile = came.get("profile", {})
    if "refused" in came:
        yield f"it refused what is whole: {came['refused']}"
    elif profile.get(UPN) != person.user_principal_name:
        yield f"the UPN came out as {profile.get(UPN)}"
    elif not profile.get(IMMUTABLE_ID):
        yield f"no ImmutableID came out: {sorted(profile)}"


def _forged(what: str, came: Mapping[str, Any]) -> Iterator[str]:

    if "refused" not in came:
        yield f"it took {what}: {came.get('profile', {}).get(UPN)} had come"


def _signed_in(site: Site, person: PersonAccount) -> Posted:
    """Go to the passive address that Entra names, and type name and password."""
    with tempfile.TemporaryDirectory(prefix="hj-party-") as name:
        browser = Browser(site, Path(name))
        passive = browser.passive_address(person.user_principal_name)
        return browser.sign_in(passive, person.user_principal_name, person.password_file.read_text("utf-8").strip())


@contextmanager
def _listening(brought: Path, site: Site) -> Iterator[str]:
    """Run the party for as long as the context lasts; yield where it listens."""
    thumbprint = hashlib.sha1(site.idp.signing_certificates[0]).hexdigest()  # noqa: S324 - what the product compares
    command = [program("node", package="nodejs"), str(HERE / "party.cjs"), "https://sts.hybridjoin.test/", thumbprint]
    environment = {"NODE_PATH": str(brought / "modules" / "node_modules"), "NODE_NO_WARNINGS": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.strip().isdecimal():
            raise LabError(f"{PASSPORT.title} did not come up: {line}")
        yield f"http://127.0.0.1:{int(line)}/login"
    finally:
        process.terminate()
        process.wait(10)
