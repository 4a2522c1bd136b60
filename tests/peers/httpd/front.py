"""Apache httpd with mod_auth_gssapi, of Debian's packages: TLS and Negotiate in front of glue that has neither."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.peers import debian
from tests.peers.catalogue import Program
from tests.peers.fetched import folder_of

HERE = Path(__file__).parent
LOCK = HERE / "packages.sha256"
MODULES = "usr/lib/apache2/modules"


def fetch() -> Path:
    """Bring it, and return its root; whoever stands behind it shares one."""
    root = debian.unpacked(folder_of("httpd", LOCK), LOCK)
    modules = (root / MODULES / f"mod_{name}.so" for name in ("auth_gssapi", "ssl", "proxy_http"))
    debian.complete(root, [root / "usr/sbin/apache2", *modules])
    return root


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
