"""Applications of other houses that rely on Entra as their OpenID provider: registered, served, and signed in to."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import trustme

from hybridjoin.errors import LabError
from hybridjoin.lab.domain import tail
from hybridjoin.model.site import Site
from tests.peers.catalogue import Program
from tests.peers.hall import GUESTS, Hall
from tests.peers.person import Person, Shown

STARTS_WITHIN_S = 20
WORKS = (
    "carol's claims and groups, by her password at Entra and at her identity provider; "
    "AADSTS7000215, 7000222, 50011, 50105, 90094, an issuer of v1 and a document for every tenant for what they are"
)
HERS = "carol@hybridjoin.test"
SITES: Mapping[str, Mapping[str, object]] = {
    "at Entra's own page": {},
    "by her identity provider": {"application": {"cloud_password_validation": False}},
}
AT_ENTRA, AT_IDP = SITES
REFUSED: Mapping[str, tuple[Mapping[str, object], str]] = {
    "an expired secret": ({"application": {"secrets_expired": True}}, "AADSTS7000222"),
    "no consent": ({"application": {"consent": "none"}}, "AADSTS90094"),
    "an application for others": ({"application": {"assigned": ["alice"]}}, "AADSTS50105"),
}
"""What an administrator may have set up otherwise, and what Entra says of it."""
OF_V1: Mapping[str, object] = {"faults": [{"name": "id-token-of-v1"}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """What an application finds on the machine that it is installed on: a name with a certificate, and a folder."""

    host: str
    folder: Path
    tls: tuple[Path, Path]
    authorities: Path

    @property
    def log(self) -> Path:
        """What its programs say."""
        return self.folder / "programs.log"

    @property
    def said(self) -> str:
        """What its programs said so far."""
        return self.log.read_text("utf-8", "replace")


def made(hall: Hall, host: str) -> Set:
    """Prepare the machine; whoever visits the application trusts its certificate and the hall's."""
    authority = trustme.CA(organization_name="the CA of guests", key_type=trustme.KeyType.RSA)
    leaf = authority.issue_cert(host, key_type=trustme.KeyType.RSA)
    tls = hall.folder / "tls.pem", hall.folder / "tls.key"
    tls[0].write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    leaf.private_key_pem.write_to_path(tls[1])
    authorities = hall.folder / "visitors.pem"
    authorities.write_bytes(hall.ca_file.read_bytes() + authority.cert_pem.bytes())
    return Set(host=host, folder=hall.folder, tls=tls, authorities=authorities)


@contextmanager
def running(there: Set, programs: Sequence[Program], ports: Sequence[int]) -> Iterator[None]:
    """Run an application until the block ends.

    Raises:
        LabError: it did not come to answer on its ports; the end of its log is told.
    """
    with there.log.open("wb") as log:
        started = [
            subprocess.Popen(
                one.command,
                cwd=there.folder,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **one.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            for one in programs
        ]
        try:
            for port in ports:
                _await(there, started, port)
            yield
        finally:
            for process in started:
                _ended(process)


def _await(there: Set, started: Sequence[subprocess.Popen[bytes]], port: int) -> None:
    began, context = time.monotonic(), ssl.create_default_context(cafile=there.authorities)
    while time.monotonic() - began < STARTS_WITHIN_S and all(process.poll() is None for process in started):
        with suppress(OSError):
            with socket.create_connection((GUESTS, port), timeout=5) as plain:
                context.wrap_socket(plain, server_hostname=there.host).close()
            return
        time.sleep(0.05)
    raise LabError(f"nothing answers at {there.host}:{port}; the end of its log:\n{tail(there.log)}")


def _ended(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application in three ways to be set up: as the guides say, with a wrong secret, with a wrong redirect URI.

    Each way has a page of its own that only who has signed in may see. `redirect_uris` are registered; `programs` start
    it, at `ports`, given the tenant that its document is of; `shows` are words of the page, with the groups that the
    tenant knows her by; `of_v1` are words of what it says of an issuer that is not the document's, `of_common` of a
    document for every tenant.
    """

    good: str
    secret_wrong: str
    redirect_wrong: str
    redirect_uris: tuple[str, ...]
    programs: Callable[[Site, str], Sequence[Program]]
    ports: tuple[int, ...]
    shows: Callable[[], tuple[str, ...]]
    of_v1: str
    of_common: str


def faults(application: Application, hall: Hall, there: Set) -> Iterator[str]:
    """Let carol come to an application of each kind of tenant; say what she, or its log, was not told."""
    for name, changes in SITES.items():
        with set_up(application, hall, there, changes) as site:
            yield from (f"{name}: {fault}" for fault in _faults_at(name, application, hall, there, site))
    for name, (changes, words) in {**REFUSED, "an issuer of v1": (OF_V1, application.of_v1)}.items():
        with set_up(application, hall, there, changes) as site:
            told = _untold(there, opened(hall, there, site, application.good), words)
            yield from (f"{name}: {fault}" for fault in told)
    yield from (f"a document for every tenant: {fault}" for fault in _faults_of_common(application, hall, there))


def _faults_of_common(application: Application, hall: Hall, there: Set) -> Iterator[str]:
    """Say where an application takes the issuer that is a template, or is silent about it; some end at their start."""
    try:
        with set_up(application, hall, there, {}, tenant="common") as site:
            yield from _untold(there, opened(hall, there, site, application.good), application.of_common)
    except LabError as ended:
        if application.of_common not in str(ended):
            yield str(ended)


@contextmanager
def set_up(
    application: Application, hall: Hall, there: Set, changes: Mapping[str, object], *, tenant: str = ""
) -> Iterator[Site]:
    """Register an application in a tenant that is changed so, and run it on the document of this or another."""
    registration = {"redirect_uris": list(application.redirect_uris), **_mapping(changes.get("application"))}
    settings = {**changes, "application": registration}
    with (
        hall.lab.site(idp={"profile": "adfs"}, entra=settings) as site,
        running(there, application.programs(site, tenant or site.entra.tenant_id), application.ports),
    ):
        yield site


def _faults_at(name: str, application: Application, hall: Hall, there: Set, site: Site) -> Iterator[str]:
    shown = opened(hall, there, site, application.good)
    yield from _lacking(there, shown, (HERS, *application.shows()))
    if hall.asked_idp() != (name == AT_IDP):
        yield f"the identity provider was {'not ' if name == AT_IDP else ''}asked"
    if name == AT_ENTRA:
        yield from _untold(there, opened(hall, there, site, application.redirect_wrong), "AADSTS50011")
        yield from _untold(there, opened(hall, there, site, application.secret_wrong), "AADSTS7000215")


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def metadata(site: Site, tenant: str) -> str:
    """Return the address of a tenant's document for v2.0."""
    return f"{site.entra.login_url}/{tenant}/v2.0/.well-known/openid-configuration"


def opened(hall: Hall, there: Set, site: Site, url: str) -> Shown:
    """Let carol open an address, and sign in wherever she is asked to."""
    account, password = hall.person(site, "carol")
    with Person(name=account.user_principal_name, password=password, authorities=there.authorities) as carol:
        return carol.goes(url)


def _lacking(there: Set, shown: Shown, words: Sequence[str]) -> Iterator[str]:
    """Say which words a page lacks, and what there is instead."""
    missing = [word for word in words if word not in shown.text]
    if missing:
        yield f"no {', '.join(missing)} at {instead(there, shown)}"


def _untold(there: Set, shown: Shown, words: str) -> Iterator[str]:
    """Say that neither the page nor the application's log has the reason for a refusal, and what there is instead."""
    if words not in shown.text and words not in there.said:
        yield f"no {words} at {instead(there, shown)}"
    if HERS in shown.text and words not in shown.text:
        yield f"{words}, and yet she was let in"


def instead(there: Set, shown: Shown) -> str:
    """Tell what a person was shown, and what the application said last."""
    page = " ".join(shown.text.split())[:300]
    return f"{shown.url.partition('?')[0]}, which answered {shown.status}: {page}; its log ends {there.said[-400:]}"
