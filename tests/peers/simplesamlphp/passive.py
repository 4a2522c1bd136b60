"""SimpleSAMLphp's own passive door, prp.php, and its own page for name and password, behind httpd's TLS."""

from __future__ import annotations

from pathlib import Path

from tests.peers.catalogue import Peer, Place, Program
from tests.peers.httpd import front
from tests.peers.simplesamlphp import peer

CONFIG = Path(__file__).parent / "passive"
# As in Debian's php.ini for production: what is only deprecated is not told, and nothing is written into a page.
PRODUCTION = ("display_errors=0", "log_errors=1", "error_reporting=22527")


def programs(folder: Path, place: Place, _mistake: str) -> tuple[Program, ...]:
    """Say how httpd and, behind it, PHP's own server are started on the product's own pages."""
    root, inner = folder / "root", front.inner_port()
    sessions = place.folder / "sessions"
    sessions.mkdir(exist_ok=True)
    told = [f"auto_prepend_file={CONFIG / 'front.php'}", f"session.save_path={sessions}", *PRODUCTION]
    settings = [word for setting in told for word in ("-d", setting)]
    command = peer.php(root, *settings, "-t", str(root / "usr/share/simplesamlphp/www"), "-S", f"127.0.0.1:{inner}")
    return (Program(command=command, environment=peer.environment(root, place, CONFIG)), front.started(inner))


PEER = Peer(
    name="simplesamlphp",
    title="SimpleSAMLphp 1.19.7 behind httpd",
    host="sts.ssp.example",
    mistakes=("name-as-anchor", "other-issuer", "sha1"),
    lock="packages.sha256",
    stem="passive",
    ready="/module.php/adfs/idp/metadata.php",
    fetch=peer.fetch,
    programs=programs,
)
