"""mod_auth_openidc, of Debian's packages: an application behind httpd whose people sign in at Entra."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from hybridjoin.model.site import Site
from tests.peers import debian, relying
from tests.peers.callers import Caller, Told
from tests.peers.catalogue import Program
from tests.peers.hall import GUESTS, Hall
from tests.peers.httpd import front
from tests.peers.relying import Application, Set

HERE = Path(__file__).parent
LOCK = HERE / "packages.sha256"
MODULE = "usr/lib/apache2/modules/mod_auth_openidc.so"
HOST = "app.guest.example"


def fetch(folder: Path) -> None:
    """Bring the module, and the httpd that it is loaded into."""
    root = debian.unpacked(folder, LOCK)
    debian.complete(root, [root / MODULE], beside=front.fetch())


def program(brought: Path, there: Set, hall: Hall, site: Site, tenant: str) -> Program:
    """Say how httpd is started."""
    root, ours = front.fetch(), brought / "root"
    assert site.bridge is not None
    return Program(
        command=(str(root / "usr/sbin/apache2"), "-f", str(HERE / "httpd.conf"), "-DFOREGROUND"),
        environment={
            "LD_LIBRARY_PATH": f"{debian.libraries(root)}:{debian.libraries(ours)}",
            "GUEST_MODULES": str(root / front.MODULES),
            "GUEST_OPENIDC": str(ours / MODULE),
            "GUEST_HOST": HOST,
            "GUEST_ADDRESS": GUESTS,
            "GUEST_FOLDER": str(there.folder),
            "GUEST_PAGES": str(HERE / "pages"),
            "GUEST_CA": str(hall.ca_file),
            "GUEST_METADATA": relying.metadata(site, tenant),
            "GUEST_CLIENT": site.bridge.client_id,
            "GUEST_SECRET": site.bridge.secret_file.read_text("utf-8"),
            "GUEST_SECRET_ID": site.bridge.secret_id,
            "GUEST_PASSPHRASE": secrets.token_urlsafe(24),
            "GUEST_GROUP": hall.group_id("Staff"),
        },
    )


def visit(brought: Path, hall: Hall) -> Iterator[Told]:
    """Sign carol in where all is well, and where one thing is not."""
    there = relying.made(hall, HOST)
    application = Application(
        good=f"https://{HOST}/page.shtml",
        secret_wrong=f"https://{HOST}:444/page.shtml",
        redirect_wrong=f"https://{HOST}:445/page.shtml",
        redirect_uris=(f"https://{HOST}/signed-in", f"https://{HOST}:444/signed-in", f"https://{HOST}:445/signed-in"),
        programs=lambda site, tenant: [program(brought, there, hall, site, tenant)],
        ports=(443, 444, 445),
        shows=lambda: (
            "user=carol@hybridjoin.test",
            f"groups={hall.group_id('Staff')}",
            "name=Carol Example",
            "userinfo={&quot;sub&quot;",
        ),
        of_v1='does not match received "iss" value in id_token',
        of_common='does not match received "iss" value in id_token',
    )
    yield "bridge", list(relying.faults(application, hall, there))


CALLER = Caller(
    name="mod_auth_openidc",
    title="mod_auth_openidc 2.4.12.3",
    lock="packages.sha256",
    fetch=fetch,
    doors={"bridge": relying.WORKS},
    visit=visit,
)
