"""Golden states: a domain provisioned once, kept under a digest of all it was made from, copied ever after."""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from hybridjoin.errors import LabError
from hybridjoin.lab.backend import Launcher
from hybridjoin.lab.digests import damage, write_digests
from hybridjoin.lab.places import CACHE_VARIABLE, cache_root
from hybridjoin.lab.provision_spec import make_spec
from hybridjoin.lab.state import stop_inhabitants
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.shipped import shipped

log = logging.getLogger(__name__)

TAKES_BYTES = 40 << 20
FACTS_FILE = "facts.json"
SPEC_FILE = "spec.json"
ACCOUNT_FOLDERS = ("keytabs", "secrets", "certificates")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_DRAFT = re.compile(r"\.draft-([0-9a-f]{32})-.+")
_FORM = "with digests"  # what a state looks like besides its content: those of another form are made anew


def provision_script() -> Path:
    """Return provision.py, from the checkout or from the installed package."""
    return shipped("containers/samba-ad-dc/provision.py")


def golden_digest(launcher: Launcher, lab_file: LabFile) -> str:
    """Return the digest of everything that a golden state depends on."""
    digest = hashlib.sha256()
    parts = (_FORM, lab_file.canonical(), launcher.name, launcher.fingerprint, *launcher.dialled_hosts)
    own = Path(__file__).parent
    scripts = (provision_script(), own / "provision_spec.py", own / "user_certificate.py")
    for part in (*(text.encode() for text in parts), *(script.read_bytes() for script in scripts)):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:32]


def ensure_golden(launcher: Launcher, lab_file: LabFile) -> Path:
    """Return the golden state of a lab file, whole; the first process that wants it provisions it, the others wait.

    One that is damaged is thrown away and made anew, and that is said.

    Raises:
        LabError: the cache cannot be made, or provisioning fails.
    """
    root = cache_root()
    golden = root / golden_digest(launcher, lab_file)
    if golden.is_dir() and not damage(golden):
        return golden
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LabError(
            f"cannot make the cache directory: {error}", remedy=f"set {CACHE_VARIABLE} to a directory of yours"
        ) from error
    with filelock.FileLock(_lock_of(golden)):
        wrong = damage(golden) if golden.is_dir() else ""
        if wrong:
            log.warning("the golden state %s is damaged (%s): it is made anew", golden, wrong)
            with _draft_of(golden) as aside:
                golden.rename(aside / "damaged")
        if not golden.is_dir():
            _provision(launcher, lab_file, golden)
    return golden


def _lock_of(golden: Path) -> Path:
    """Return the lock of a state: whoever makes it, or throws it away, holds it."""
    return golden.with_name(f"{golden.name}.lock")


@contextmanager
def _draft_of(golden: Path) -> Iterator[Path]:
    """Make a folder beside a state's final place, and see to it that none is left."""
    draft = Path(tempfile.mkdtemp(prefix=f".draft-{golden.name}-", dir=golden.parent))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _provision(launcher: Launcher, lab_file: LabFile, golden: Path) -> None:
    """Provision beside the final place and rename, so that a half-made state is never found."""
    log.info("provisioning the domain: once for this lab file, some 5 seconds")
    with _draft_of(golden) as draft:
        spec_file = draft / SPEC_FILE
        make_spec(lab_file, dialled_hosts=launcher.dialled_hosts).write(spec_file, draft / "certificates")
        try:
            launcher.provision(spec_file, draft)
        except LabError as error:
            raise _full(draft) or error from error
        if not (draft / FACTS_FILE).is_file():
            raise LabError("provisioning ended without its facts.json", remedy="run it again; report it if it stays so")
        write_digests(draft)
        draft.rename(golden)


def _full(draft: Path) -> LabError | None:
    """Say that the disk is full where it is: Samba's databases tell it in other words."""
    if shutil.disk_usage(draft).free > TAKES_BYTES:
        return None
    return LabError(
        f"No space left on the disk of {draft.parent}: a golden state takes {TAKES_BYTES >> 20} MB",
        remedy=f"make room there, or set {CACHE_VARIABLE} to another disk's directory",
    )


def sweep_drafts() -> tuple[str, ...]:
    """Remove what a provisioning left that was killed, and end whoever still works at it; return their names.

    A draft is at work for as long as somebody holds its state's lock; the system takes that back from the dead.
    """
    root = cache_root()
    swept = []
    for draft in sorted(root.glob(".draft-*")) if root.is_dir() else ():
        name = _DRAFT.fullmatch(draft.name)
        if name is None:
            continue
        try:
            with filelock.FileLock(_lock_of(root / name[1]), blocking=False):
                stop_inhabitants(draft)
                shutil.rmtree(draft, ignore_errors=True)
                swept.append(draft.name)
        except (filelock.Timeout, OSError):
            continue
    return tuple(swept)


def remove_golden_states() -> tuple[str, ...]:
    """Remove every golden state, and what a killed provisioning left; return their names.

    A state is told by its digest and its facts; whatever else lies in the cache is somebody's.
    """
    root = cache_root()
    removed = []
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        if (_DIGEST.fullmatch(path.name) and (path / FACTS_FILE).is_file()) or _DRAFT.fullmatch(path.name):
            shutil.rmtree(path)
            removed.append(path.name)
        elif _DIGEST.fullmatch(path.stem) and path.suffix == ".lock":
            path.unlink()
    return tuple(removed)


def copy_accounts(golden: Path, state_dir: Path) -> None:
    """Copy what clients need (keytabs, passwords, certificates' keys, facts) into a running lab's state."""
    for folder in ACCOUNT_FOLDERS:
        shutil.copytree(golden / folder, state_dir / folder)
    shutil.copy2(golden / FACTS_FILE, state_dir / FACTS_FILE)
