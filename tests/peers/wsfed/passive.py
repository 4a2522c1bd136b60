"""wsfed: auth0's WS-Federation for node, an identity provider for browsers alone; `idp.cjs` stands around it."""

from __future__ import annotations

from pathlib import Path

from tests.peers.catalogue import Peer, Place, Program
from tests.peers.httpd import front

HERE = Path(__file__).parent


def fetch(folder: Path) -> None:
    """Bring the modules that the lock names; xtend, which wsfed asks for and does not declare, is one of them."""
    front.fetch_node(folder, HERE)


def programs(folder: Path, place: Place, _mistake: str) -> tuple[Program, ...]:
    """Say how httpd and, behind it, node are started."""
    return front.before_node(HERE / "idp.cjs", folder, place)


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
