"""Peers: what nobody here wrote, each in a folder of its own that tells everything about it in `peer.py`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hybridjoin.model.site import PersonAccount

HERE = Path(__file__).parent
MISTAKES, BROWSER_MISTAKES = HERE / "mistakes", HERE / "browser" / "mistakes"


class PeerMissing(Exception):
    """A peer cannot be had on this machine; the words say why, and what would bring it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a peer runs: its names, what it reads, and the folder that the glue keeps its own files in.

    `tls` and `signing` are certificate and key in PEM; `ldap_url` is for a simple bind, verified against `ldap_ca`.
    """

    folder: Path
    host: str
    address: str
    port: int
    issuer: str
    keytab: Path
    tls: tuple[Path, Path]
    signing: tuple[Path, Path]
    ldap_url: str
    ldap_ca: Path
    ldap_base: str
    ldap_user: str
    ldap_password_file: Path
    krb5_config: Path

    def environment(self, peer: Peer, mistake: str) -> dict[str, str]:
        """What the glue of every peer is told, in whichever language it is written."""
        return {
            "PEER_FOLDER": str(self.folder),
            "PEER_HOST": self.host,
            "PEER_ADDRESS": self.address,
            "PEER_PORT": str(self.port),
            "PEER_ISSUER": self.issuer,
            "PEER_KEYTAB": str(self.keytab),
            "PEER_MEX": str(peer.folder / "mex.wsdl"),
            "PEER_MISTAKE": mistake,
            "PEER_LDAP_URL": self.ldap_url,
            "PEER_LDAP_BASE": self.ldap_base,
            "PEER_LDAP_USER": self.ldap_user,
            "PEER_LDAP_PASSWORD_FILE": str(self.ldap_password_file),
            "KRB5_CONFIG": str(self.krb5_config),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process of a peer; its environment is what every peer's glue is told, with `environment` above it."""

    command: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """An identity provider of another house.

    `name` is its folder, and the first word of its lab, site and deviations file. `trusts` are the WS-Trust versions
    that it speaks, `mistakes` the switches of its glue, each a file in `mistakes/`. `fetch` brings it into a folder,
    held against its lock, and raises `PeerMissing` where it cannot be had; `programs` starts it, given that folder.
    It is up where `ready` is answered. One that signs people in by browser has no `trusts`, its mistakes in
    `browser/mistakes/`, and the `stem` of its files instead of its name, for a product may be both; `tickets` says
    that browsers may show one there instead of a password. `glue` names
    the peer whose glue it shares, if any.
    """

    name: str
    title: str
    host: str
    mistakes: tuple[str, ...]
    lock: str
    fetch: Callable[[Path], None]
    programs: Callable[[Path, Place, str], tuple[Program, ...]]
    trusts: tuple[str, ...] = ()
    stem: str = ""
    tickets: bool = False
    ready: str = "/sts/mex"
    glue: str = ""

    @property
    def folder(self) -> Path:
        """Where everything of this peer lies."""
        return HERE / self.name

    def file(self, kind: str) -> Path:
        """Return its lab, site or deviations file; the lab is the product's, whatever it is tried for."""
        stem = self.name if kind == "lab" else self.stem or self.name
        return self.folder / f"{stem}.{kind}.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a client is told of a place: where names lead, whom to trust, and as whom to come.

    `ticket_cache` holds the computer's ticket-granting ticket; `login_url` is the Entra double's, its port included.
    `trusts` are the versions of WS-Trust that are offered there. `person` is one who may sign in there by name and
    password, None where the site knows nobody.
    """

    folder: Path
    names: Mapping[str, str]
    authorities: tuple[Path, ...]
    krb5_config: Path
    ticket_cache: Path
    login_url: str
    trusts: tuple[str, ...]
    user: str
    person: PersonAccount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client of another house, which signs in as a computer or a person and prints the access token that it got.

    `refused_at` names the peers, and the shapes of our own, at which it gets none, with words of what it says then;
    `asked_at` names the peers that it visits besides our own identity provider, where it does not visit every one.
    """

    name: str
    title: str
    lock: str
    fetch: Callable[[Path], None]
    command: Callable[[Path, Visit], tuple[str, ...]]
    refused_at: Mapping[str, str]
    asked_at: frozenset[str] | None = None

    @property
    def folder(self) -> Path:
        """Where everything of this client lies."""
        return HERE / self.name

    def visits(self, peer: Peer) -> bool:
        """Tell whether it is held against a peer."""
        return self.asked_at is None or peer.name in self.asked_at


def clients() -> dict[str, Client]:
    """Return every client by its name: each folder that holds a `client.py` is one."""
    names = sorted(path.parent.name for path in HERE.glob("*/client.py"))
    return {name: importlib.import_module(f"tests.peers.{name}.client").CLIENT for name in names}


def peers() -> dict[str, Peer]:
    """Return every peer by its name: each folder that holds a `peer.py` is one."""
    return _found("peer")


def passive_peers() -> dict[str, Peer]:
    """Return every peer that signs people in by browser: each folder that holds a `passive.py` is one."""
    return _found("passive")


def _found(module: str) -> dict[str, Peer]:
    names = sorted(path.parent.name for path in HERE.glob(f"*/{module}.py"))
    return {name: importlib.import_module(f"tests.peers.{name}.{module}").PEER for name in names}


def scenario_of(mistake: str, *, of: Path = MISTAKES) -> Path:
    """Return the scenario file that says what has to come of a mistake."""
    return of / f"{mistake}.scenario.yaml"
