"""MSAL for Go as a program that a person types her password into: the strictest reader of metadata and tokens."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from tests.peers.catalogue import Client, PeerMissing, Visit
from tests.peers.fetched import carried_out, program

HERE = Path(__file__).parent
SCOPE = "https://graph.microsoft.com/User.Read"


def fetch(folder: Path) -> None:
    """Build it once for each content of its source; go itself holds every module against go.sum, and takes no other."""
    built = _built(folder)
    if not built.exists():
        go = program("go", package="golang-go, whose version go.mod names")
        draft = built.with_suffix(".draft")
        carried_out(go, "build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-o", draft, ".", cwd=HERE)
        draft.rename(built)


def _built(folder: Path) -> Path:
    """Return where a source's program is: another source has another."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in ("go.mod", "main.go")))
    return folder / f"signin-{digest.hexdigest()[:12]}"


def command(folder: Path, visit: Visit) -> tuple[str, ...]:
    """Say how it is run: as the person whom the site names, in the name of Azure's command line."""
    if visit.person is None:
        raise PeerMissing("the site names nobody who could sign in by name and password")
    hosts, login = visit.folder / "hosts", urlsplit(visit.login_url)
    # Entra's own documents name Entra's host without a port; there it is dialled at the double's.
    leads = {f"{login.hostname}:443": f"{visit.names[str(login.hostname)]}:{login.port}", **visit.names}
    hosts.write_text("".join(f"{address} {name}\n" for name, address in leads.items()), "utf-8")
    who = (visit.person.user_principal_name, str(visit.person.password_file))
    told = (f"https://{login.hostname}/organizations", SCOPE, *who, str(hosts))
    return (str(_built(folder)), *told, *map(str, visit.authorities))


CLIENT = Client(
    name="msalgo",
    title="MSAL for Go 1.10.1, a person",
    lock="go.sum",
    fetch=fetch,
    command=command,
    refused_at={
        "mex-other-policy-prefix": "no policies for mex document",  # it looks for xmlns:sp on TransportBinding
        "assertion-without-prefix": "version unknown",  # it looks for xmlns:saml on the Assertion
    },
    asked_at=frozenset(),  # no peer takes a password
)
