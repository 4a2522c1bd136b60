"""SimpleSAMLphp's AD FS module behind httpd with mod_auth_gssapi: Debian's packages, unpacked and not installed."""

from __future__ import annotations

from pathlib import Path

from tests.peers import debian
from tests.peers.catalogue import Peer, Place, Program
from tests.peers.httpd import front

HERE = Path(__file__).parent
LOCK = HERE / "packages.sha256"
EXTENSIONS = ("dom", "ctype", "tokenizer", "simplexml", "xml", "xmlwriter", "mbstring", "ldap", "posix")


def fetch(folder: Path) -> None:
    """Bring PHP and the module, and what stands in front of them."""
    root = debian.unpacked(folder, LOCK)
    debian.complete(root, [root / "usr/bin/php8.2", *_extensions(root)])
    front.fetch()


def _extensions(root: Path) -> tuple[Path, ...]:
    (folder,) = (root / "usr/lib/php").glob("20*")
    return tuple(folder / f"{name}.so" for name in EXTENSIONS)


def programs(folder: Path, place: Place, _mistake: str) -> tuple[Program, ...]:
    """Say how httpd and, behind it, PHP's own server are started."""
    root, inner = folder / "root", front.inner_port()
    command = php(root, "-S", f"127.0.0.1:{inner}", str(HERE / "index.php"))
    return (Program(command=command, environment=environment(root, place, HERE / "config")), front.started(inner))


def environment(root: Path, place: Place, config: Path) -> dict[str, str]:
    """Say what SimpleSAMLphp is told beside what every peer's glue is, its configuration being in a folder of ours."""
    (place.folder / "ldap.conf").write_text(f"TLS_CACERT {place.ldap_ca}\n", "utf-8")
    return {
        "LDAPCONF": str(place.folder / "ldap.conf"),
        "PEER_SIMPLESAMLPHP": str(root / "usr/share/simplesamlphp"),
        "PHP_CLI_SERVER_WORKERS": "4",
        "PHP_INI_SCAN_DIR": "",
        "SIMPLESAMLPHP_CONFIG_DIR": str(config),
    }


def php(root: Path, *arguments: str) -> tuple[str, ...]:
    """Return the command that runs PHP with the extensions that were brought, and none of this machine's settings."""
    loaded = [word for path in _extensions(root) for word in ("-d", f"extension={path}")]
    return (str(root / "usr/bin/php8.2"), "-n", *loaded, "-d", "display_errors=stderr", *arguments)


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
