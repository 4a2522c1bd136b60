"""node: auth0's `saml` writes and signs SAML 1.1 by xml-crypto, behind httpd; `sts.cjs` stands around it."""

from __future__ import annotations

from pathlib import Path

from tests.peers.catalogue import Peer, Place, Program
from tests.peers.httpd import front

HERE = Path(__file__).parent


def fetch(folder: Path) -> None:
    """Bring the modules that the lock names, and what stands in front of them."""
    front.fetch_node(folder, HERE)


def programs(folder: Path, place: Place, _mistake: str) -> tuple[Program, ...]:
    """Say how httpd and, behind it, node are started."""
    return front.before_node(HERE / "sts.cjs", folder, place)


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
