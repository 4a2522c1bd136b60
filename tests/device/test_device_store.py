"""What is kept of a registration: two files for their owner's eyes alone, and never over another one's."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID

from hybridjoin.device.adapters.device_store import (
    CERTIFICATE_FILE,
    KEY_FILE,
    forget_device,
    keep_device,
    kept_device,
    make_room,
)
from hybridjoin.errors import LabError, UsageError

DEVICE = "3f0817b9-0b5a-4c7d-9e0f-1a2b3c4d5e6f"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate() -> bytes:
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DEVICE)]), datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(KEY.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER)


def test_key_and_certificate_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder, before = tmp_path / "deep" / "pc", os.umask(0)
    try:
        make_room(folder, place="--keep")
        keep_device(folder, certificate=certificate(), key=KEY)
    finally:
        os.umask(before)

    kept = kept_device(folder, place="--kept")
    key = load_pem_private_key(kept.key.read_bytes(), password=None)
    assert kept.device_id == DEVICE
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.public_key() == KEY.public_key()
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        KEY_FILE: 0o600,
        CERTIFICATE_FILE: 0o600,
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_is_kept_is_never_written_over(tmp_path: Path) -> None:
    keep_device(tmp_path, certificate=certificate(), key=KEY)
    with pytest.raises(UsageError, match="found a registration that is kept"):
        make_room(tmp_path, place="--keep")
    with pytest.raises(LabError, match="the device is registered, and its key and certificate could not be kept"):
        keep_device(tmp_path, certificate=certificate(), key=KEY)


def test_a_folder_that_cannot_be_is_told_before_anything_is_registered(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"--keep: .*/file cannot keep anything"):
        make_room(tmp_path / "file", place="--keep")


@pytest.mark.parametrize("broken", ["nothing", "no key", "no certificate in it"])
def test_a_folder_that_keeps_none_is_told(tmp_path: Path, broken: str) -> None:
    if broken != "nothing":
        keep_device(tmp_path, certificate=certificate(), key=KEY)
    if broken == "no key":
        (tmp_path / KEY_FILE).unlink()
    if broken == "no certificate in it":
        (tmp_path / CERTIFICATE_FILE).write_text("-----BEGIN NOTHING-----")
    with pytest.raises(UsageError, match="--kept: expected"):
        kept_device(tmp_path, place="--kept")


def test_what_left_is_forgotten(tmp_path: Path) -> None:
    keep_device(tmp_path, certificate=certificate(), key=KEY)
    forget_device(tmp_path)
    assert list(tmp_path.iterdir()) == []
    forget_device(tmp_path)
