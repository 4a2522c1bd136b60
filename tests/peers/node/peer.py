"""node: auth0's `saml` writes and signs SAML 1.1 by xml-crypto, behind httpd; `sts.cjs` stands around it."""

from __future__ import annotations

from pathlib import Path

from tests.peers.catalogue import Peer, Place, Program
from tests.peers.fetched import node_modules, program
from tests.peers.httpd import front

HERE = Path(__file__).parent


def fetch(folder: Path) -> None:
    """Bring the modules that the lock names, and what stands in front of them."""
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
    glue = Program(command=(program("node", package="nodejs"), str(HERE / "sts.cjs")), environment=environment)
    return (glue, front.started(inner))


PEER = Peer(
    name="node",
    title="node's saml 4.0.0 behind httpd",
    host="sts.node.example",
    trusts=("1.3", "2005"),
    mistakes=(
        "accounttype-namespace",
        "accounttype-user",
        "no-accounttype",
        "no-onpremobjectguid",
        "no-primarysid",
        "big-endian-guid",
        "group-sid",
        "sha1",
    ),
    lock="package-lock.json",
    fetch=fetch,
    programs=programs,
)
