"""Where the key and certificate of a registration are kept, as Windows keeps them in its store: a folder of two files.

Both are for their owner's eyes alone. The certificate says which device of which tenant it is; nothing else is kept.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hybridjoin.errors import LabError, Mistake, UsageError

KEY_FILE: Final = "device.key.pem"
CERTIFICATE_FILE: Final = "device.pem"
_PRIVATE: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDevice:
    """A registration that was kept: its device id, and the files of its certificate and key (PEM)."""

    device_id: str
    certificate: Path
    key: Path


def make_room(folder: Path, *, place: str) -> None:
    """Make a folder for one registration; `place` is what a mistake is told of.

    Raises:
        UsageError: it keeps a registration already, or cannot be made.
    """
    if (folder / KEY_FILE).exists() or (folder / CERTIFICATE_FILE).exists():
        problem = f"expected an empty folder, found a registration that is kept in {folder}"
        raise UsageError(
            Mistake(place=place, problem=problem, hint="`hybridjoin leave` removes it; or name another folder")
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(Mistake(place=place, problem=f"{folder} cannot keep anything: {error.strerror}")) from error


def keep_device(folder: Path, *, certificate: bytes, key: RSAPrivateKey) -> None:
    """Keep a registration: its certificate (DER) and the key that it is for.

    Raises:
        LabError: it is registered, and cannot be kept.
    """
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)
    try:
        for name, content in ((KEY_FILE, secret), (CERTIFICATE_FILE, public)):
            _write(folder / name, content)
    except OSError as error:
        raise LabError(
            f"the device is registered, and its key and certificate could not be kept in {folder}: {error.strerror}",
            remedy="let an administrator remove the device from the tenant, or join again with room on the disk",
        ) from error


def kept_device(folder: Path, *, place: str) -> KeptDevice:
    """Return the registration that a folder keeps; `place` is what a mistake is told of.

    Raises:
        UsageError: it keeps none.
    """
    certificate, key = folder / CERTIFICATE_FILE, folder / KEY_FILE
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        key.stat()
    except OSError as error:
        problem = f"expected what `join --keep` left, found none in {folder}: {error.strerror}"
        raise UsageError(Mistake(place=place, problem=problem)) from error
    except ValueError as error:
        problem = f"expected a certificate in PEM at {certificate}, found something else"
        raise UsageError(Mistake(place=place, problem=problem)) from error
    return KeptDevice(device_id=str(names[0].value) if names else "", certificate=certificate, key=key)


def forget_device(folder: Path) -> None:
    """Remove what was kept of a registration that is no more, as Windows does.

    Raises:
        LabError: the files cannot be removed.
    """
    try:
        for name in (KEY_FILE, CERTIFICATE_FILE):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise LabError(
            f"the device left, and what was kept of it is still in {folder}: {error.strerror}", remedy="remove it"
        ) from error


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _PRIVATE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
