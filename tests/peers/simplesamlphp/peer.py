"""SimpleSAMLphp's AD FS module behind httpd with mod_auth_gssapi: Debian's packages, unpacked and not installed."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.peers.catalogue import Peer, PeerMissing, Place, Program
from tests.peers.fetched import carried_out, held, locked, program, unlike

HERE = Path(__file__).parent
LOCK = HERE / "packages.sha256"
EXTENSIONS = ("dom", "ctype", "tokenizer", "simplexml", "xml", "xmlwriter", "mbstring", "ldap", "posix")


def fetch(folder: Path) -> None:
    """Bring the packages of exactly the versions that the lock names, and unpack them into a root of their own."""
    packages, root = folder / "packages", folder / "root"
    if unlike(locked(LOCK), packages):
        packages.mkdir(exist_ok=True)
        apt = program("apt-get", package="apt")
        carried_out(apt, "download", "--quiet", *map(_wanted, locked(LOCK)), cwd=packages)
        held(LOCK, packages)
    if not root.is_dir():
        draft = folder / "root.draft"
        for name in locked(LOCK):
            carried_out(program("dpkg-deb", package="dpkg"), "--extract", packages / name, draft, cwd=folder)
        draft.rename(root)
    _complete(root)


def _wanted(file_name: str) -> str:
    """Read a package's name and version out of its file's name."""
    name, version, _ = file_name.split("_")
    return f"{name}={version.replace('%3a', ':')}"


def _complete(root: Path) -> None:
    """See that every library is here that they were built for.

    Raises:
        PeerMissing: one is not.
    """
    looked_at = [root / "usr/sbin/apache2", root / "usr/bin/php8.2", *_extensions(root)]
    looked_at += (_modules(root) / f"mod_{name}.so" for name in ("auth_gssapi", "ssl", "proxy_http"))
    told = carried_out("env", f"LD_LIBRARY_PATH={_libraries(root)}", "ldd", *looked_at, cwd=root)
    missing = sorted({line.split()[0] for line in told.splitlines() if line.endswith("not found")})
    if missing:
        raise PeerMissing(f"this machine has no {', '.join(missing)}; apt-file names the packages that bring them")


def _libraries(root: Path) -> Path:
    (found,) = (root / "usr/lib").glob("*-linux-gnu")
    return found


def _modules(root: Path) -> Path:
    return root / "usr/lib/apache2/modules"


def _extensions(root: Path) -> tuple[Path, ...]:
    (folder,) = (root / "usr/lib/php").glob("20*")
    return tuple(folder / f"{name}.so" for name in EXTENSIONS)


def programs(folder: Path, place: Place, _mistake: str) -> tuple[Program, ...]:
    """Say how httpd and, behind it, PHP's own server are started."""
    root = folder / "root"
    with socket.create_server(("127.0.0.1", 0)) as server:
        inner = str(server.getsockname()[1])
    (place.folder / "ldap.conf").write_text(f"TLS_CACERT {place.ldap_ca}\n", "utf-8")
    environment = {
        "LD_LIBRARY_PATH": str(_libraries(root)),
        "LDAPCONF": str(place.folder / "ldap.conf"),
        "PEER_INNER_PORT": inner,
        "PEER_MODULES": str(_modules(root)),
        "PEER_SIMPLESAMLPHP": str(root / "usr/share/simplesamlphp"),
        "PHP_CLI_SERVER_WORKERS": "4",
        "PHP_INI_SCAN_DIR": "",
        "SIMPLESAMLPHP_CONFIG_DIR": str(HERE / "config"),
    }
    loaded = [word for path in _extensions(root) for word in ("-d", f"extension={path}")]
    php = (str(root / "usr/bin/php8.2"), "-n", *loaded, "-d", "display_errors=stderr", "-S")
    return (
        Program(command=(*php, f"127.0.0.1:{inner}", str(HERE / "index.php")), environment=environment),
        Program(
            command=(str(root / "usr/sbin/apache2"), "-f", str(HERE / "httpd.conf"), "-DFOREGROUND"),
            environment=environment,
        ),
    )


PEER = Peer(
    name="simplesamlphp",
    title="SimpleSAMLphp 1.19.7 behind httpd",
    host="sts.ssp.example",
    trusts=("2005",),
    mistakes=(
        "accounttype-namespace",
        "accounttype-user",
        "no-onpremobjectguid",
        "big-endian-guid",
        "group-sid",
        "sha1",
    ),
    lock="packages.sha256",
    fetch=fetch,
    programs=programs,
)
