"""wsfed: auth0's WS-Federation for node, an identity provider for browsers alone; `idp.cjs` stands around it."""

from __future__ import annotations

from pathlib import Path

from tests.peers.catalogue import Peer, Place, Program
from tests.peers.fetched import node_modules, program
from tests.peers.httpd import front

HERE = Path(__file__).parent


def fetch(folder: Path) -> None:
    """Bring the modules that the lock names; xtend, which wsfed asks for and does not declare, is one of them."""
    program("node", package="nodejs")
    node_modules(folder, HERE)
    front.fetch()


def programs(folder: Path, place: Place, _mistake: str) -> tuple[Program, ...]:
    """Say how httpd and, behind it, node are started."""
    inner = front.inner_port()
    environment = {
        "NODE_PATH": str(folder / "modules" / "node_modules"),
        "PEER_INNER_PORT": inner,
        "PEER_LDAP_CA": str(place.ldap_ca),
    }
    glue = Program(command=(program("node", package="nodejs"), str(HERE / "idp.cjs")), environment=environment)
    return (glue, front.started(inner))


PEER = Peer(
    name="wsfed",
    title="node's wsfed 6.0.0 behind httpd",
    host="sts.wsfed.example",
    mistakes=("name-as-anchor", "other-audience", "other-issuer", "other-wctx", "sha1"),
    lock="package-lock.json",
    stem="passive",
    tickets=True,
    ready="/FederationMetadata/2007-06/FederationMetadata.xml",
    fetch=fetch,
    programs=programs,
)
