"""Apache httpd with mod_auth_gssapi, of Debian's packages: TLS and Negotiate in front of glue that has neither."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.peers import debian
from tests.peers.catalogue import Place, Program
from tests.peers.fetched import folder_of, node_modules, program

HERE = Path(__file__).parent
LOCK = HERE / "packages.sha256"
MODULES = "usr/lib/apache2/modules"


def fetch() -> Path:
    """Bring it, and return its root; whoever stands behind it shares one."""
    root = debian.unpacked(folder_of("httpd", LOCK), LOCK)
    modules = (root / MODULES / f"mod_{name}.so" for name in ("auth_gssapi", "ssl", "proxy_http"))
    debian.complete(root, [root / "usr/sbin/apache2", *modules])
    return root


def fetch_node(folder: Path, here: Path) -> None:
    """Bring what stands before a program for node, and the modules that its lock names."""
    program("node", package="nodejs")
    node_modules(folder, here)
    fetch()


def before_node(glue: Path, folder: Path, place: Place) -> tuple[Program, ...]:
    """Say how a program for node is started, and httpd before it."""
    inner = inner_port()
    environment = {
        "NODE_PATH": str(folder / "modules" / "node_modules"),
        "PEER_INNER_PORT": inner,
        "PEER_LDAP_CA": str(place.ldap_ca),
    }
    return (Program(command=(program("node", package="nodejs"), str(glue)), environment=environment), started(inner))


def inner_port() -> str:
    """Find a free port of this machine's loopback, for what stands behind."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def started(inner: str) -> Program:
    """Say how it is started: the caller's name goes to the glue behind it in a header."""
    root = fetch()
    return Program(
        command=(str(root / "usr/sbin/apache2"), "-f", str(HERE / "httpd.conf"), "-DFOREGROUND"),
        environment={
            "LD_LIBRARY_PATH": debian.libraries(root),
            "PEER_INNER_PORT": inner,
            "PEER_MODULES": str(root / MODULES),
        },
    )
