"""libhimmelblau, by which Linux computers come to Entra: it finds the registration service and asks for a device."""

from __future__ import annotations

import hashlib
import shutil
import time
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.tokens import sign
from hybridjoin.model.site import Site
from tests.peers.callers import Caller, Told
from tests.peers.catalogue import PeerMissing
from tests.peers.fetched import carried_out, locked, program
from tests.peers.hall import Hall

HERE = Path(__file__).parent
SOURCES, LOCK = ("Cargo.toml", "main.rs"), "crates.sha256"
DRS = "urn:ms-drs:enterpriseregistration.windows.net"
REGISTRATION = "https://enterpriseregistration.windows.net/EnrollmentServer/device/"
BUILT_WITHIN_S = 1800


def fetch(folder: Path) -> None:
    """Build it once for each content of its source, out of exactly the crates that our list names."""
    built = _built(folder)
    if built.exists():
        return
    cargo = program("cargo", package="cargo, whose version must know the lock's form 4")
    carried_out(program("pkg-config", package="pkg-config"), "--exists", "openssl", cwd=folder)  # libssl-dev has it
    room = folder / "room"
    room.mkdir(exist_ok=True)  # what a try that was cut short has compiled stays for the next one
    for name in SOURCES:
        shutil.copy(HERE / name, room)
    hold(room, cargo)
    carried_out(cargo, "build", "--quiet", "--locked", cwd=room, within_s=BUILT_WITHIN_S)
    shutil.copy(room / "target" / "debug" / "discover", built.with_suffix(".draft"))
    built.with_suffix(".draft").rename(built)
    shutil.rmtree(room)


def hold(room: Path, cargo: str) -> None:
    """Let cargo take the crates of our list, and no other: it holds each against its digest as it comes.

    Raises:
        PeerMissing: it would take others besides, or other ones.
    """
    lock = room / "Cargo.lock"
    carried_out(cargo, "generate-lockfile", "--quiet", cwd=room)  # only where they come from is learnt of it
    (source,) = {one["source"] for one in tomllib.loads(lock.read_text("utf-8"))["package"] if "source" in one}
    told = [crate_of(name) for name in locked(HERE / LOCK)]
    digests = locked(HERE / LOCK).values()
    rows = (
        f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = "{source}"\nchecksum = "{digest}"\n'
        for (name, version), digest in zip(told, digests, strict=True)
    )
    lock.write_text("\n".join(("version = 4\n", *rows)), "utf-8")
    carried_out(cargo, "fetch", "--quiet", cwd=room)
    taken = {
        (one["name"], one["version"], one["checksum"])
        for one in tomllib.loads(lock.read_text("utf-8"))["package"]
        if "checksum" in one
    }
    wanted = {(name, version, digest) for (name, version), digest in zip(told, digests, strict=True)}
    if taken != wanted:
        odd = sorted(f"{name} {version}" for name, version, _ in taken ^ wanted)
        raise PeerMissing(f"cargo takes other crates than {LOCK} names: {', '.join(odd)}")


def crate_of(file_name: str) -> tuple[str, str]:
    """Read a crate's name and version out of its file's name: the version begins at the first hyphen before a digit."""
    words = file_name.removesuffix(".crate").split("-")
    at = next(at for at, word in enumerate(words) if at and word[0].isdigit() and "." in word)
    return "-".join(words[:at]), "-".join(words[at:])


def _built(folder: Path) -> Path:
    """Return where a source's program is: another source has another."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in SOURCES))
    return folder / f"discover-{digest.hexdigest()[:12]}"


def visit(brought: Path, hall: Hall) -> Iterator[Told]:
    """Have a device joined in carol's name."""
    with hall.lab.site() as site:
        yield "work-account", list(_faults(brought, hall, site))


def _faults(brought: Path, hall: Hall, site: Site) -> Iterator[str]:
    told = (_built(brought), site.entra.tenant_name, site.entra.tenant_id)
    done = hall.carried_out(*told, told=_token(hall, site))
    found = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    if done.returncode != 0:
        yield done.stderr.strip()[-300:]
    for name, wanted in {"join": REGISTRATION, "tenant": site.entra.tenant_id}.items():
        if found.get(name) != wanted:
            yield f"it read the {name} {found.get(name)}, expected {wanted}"
    if not found.get("nonce"):
        yield "it got no nonce"
    if not _is_guid(found.get("device", "")):
        yield f"it got no device's certificate, but {found.get('device')}"


def _token(hall: Hall, site: Site) -> str:
    """Return carol's token for the registration service: the tenant's own, as a browser brings it after a sign-in."""
    account, _ = hall.person(site, "carol")
    now = int(time.time())
    told = {"aud": DRS, "tid": site.entra.tenant_id, "oid": str(uuid.uuid4()), "upn": account.user_principal_name}
    times = {"iat": now, "nbf": now, "exp": now + 600}
    return sign({**told, **times}, process_authority().token_key, key_id="guests")


def _is_guid(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


CALLER = Caller(
    name="himmelblau",
    title="libhimmelblau 0.8.45",
    lock=LOCK,
    fetch=fetch,
    doors={"work-account": "discovery, a nonce, and a device joined in a person's name (join type 0)"},
    visit=visit,
)
