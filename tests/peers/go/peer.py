"""A Go house on gokrb5, goxmldsig and go-ldap, of the Go module proxy; the Go files here stand around them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.peers.catalogue import Peer, Place, Program
from tests.peers.fetched import carried_out, program

HERE = Path(__file__).parent


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
    digest = hashlib.sha256()
    for path in (HERE / "go.mod", *sorted(HERE.glob("*.go"))):
        digest.update(path.read_bytes())
    return folder / f"sts-{digest.hexdigest()[:12]}"


def programs(folder: Path, place: Place, _mistake: str) -> tuple[Program, ...]:
    """Say how it is started: one program, which brings its own Kerberos."""
    return (Program(command=(str(_built(folder)),), environment={"PEER_LDAP_CA": str(place.ldap_ca)}),)


PEER = Peer(
    name="go",
    title="Go on gokrb5 8.4.4",
    host="sts.go.example",
    trusts=("1.3", "2005"),
    mistakes=(
        "accounttype-namespace",
        "accounttype-user",
        "no-accounttype",
        "no-onpremobjectguid",
        "no-primarysid",
        "big-endian-guid",
        "group-sid",
        "sha1-both",
    ),
    lock="go.sum",
    fetch=fetch,
    programs=programs,
)
