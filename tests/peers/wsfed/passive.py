"""wsfed: auth0's WS-Federation for node, an identity provider for browsers alone; `idp.cjs` stands around it."""

from __future__ import annotations

from pathlib import Path

from tests.peers.catalogue import Peer, Place, Program
from tests.peers.fetched import node_modules, program

HERE = Path(__file__).parent


def fetch(folder: Path) -> None:
    """Bring the modules that the lock names; xtend, which wsfed asks for and does not declare, is one of them."""
    program("node", package="nodejs")
    node_modules(folder, HERE)


def programs(folder: Path, place: Place, _mistake: str) -> tuple[Program, ...]:
    """Say how node is started."""
    environment = {"NODE_PATH": str(folder / "modules" / "node_modules"), "PEER_LDAP_CA": str(place.ldap_ca)}
    return (Program(command=(program("node", package="nodejs"), str(HERE / "idp.cjs")), environment=environment),)


PEER = Peer(
    name="wsfed",
    title="node's wsfed 6.0.0",
    host="sts.wsfed.example",
    mistakes=("name-as-anchor", "other-audience", "other-issuer", "other-wctx", "sha1"),
    lock="package-lock.json",
    stem="passive",
    ready="/FederationMetadata/2007-06/FederationMetadata.xml",
    fetch=fetch,
    programs=programs,
)
