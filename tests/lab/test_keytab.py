"""A keytab made from a password holds the keys that any KDC would derive."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from hybridjoin.lab.keytab import RC4, computer_salt, make_keytab, string_to_key, write_keytab


@pytest.mark.parametrize(
    ("password", "salt", "length", "key"),
    [
        # Computed by MIT krb5's ktutil (addent -password -e … -s …), 1.20.1.
        ("password", "EXAMPLE.TESThostws01.example.test", 16, "9f6bb54546d82a2a093df3d552eb0b50"),
        (
            "password",
            "EXAMPLE.TESThostws01.example.test",
            32,
            "5df33409cc1e5bc40e952e13fe60fae420ca1f61f4e06465c49efe83dff9c5d5",
        ),
    ],
    ids=["aes128", "aes256"],
)
def test_the_key_of_a_password_is_the_one_of_rfc_3962(password: str, salt: str, length: int, key: str) -> None:
    assert string_to_key(password, salt, length=length).hex() == key


def test_a_key_of_rc4_is_the_digest_of_the_password_alone() -> None:
    keytab = make_keytab(principals=("HTTP/x",), realm="EXAMPLE.TEST", password="password", salt="any", keys=(RC4,))

    assert bytes.fromhex("8846f7eaee8fb117ad06bdd830b7586c") in keytab  # RFC 4757, 2: MD4 of the UTF-16 of it


def test_a_computers_salt_is_the_one_of_its_account() -> None:
    assert computer_salt("WS01$", "Example.Test") == "EXAMPLE.TESThostws01.example.test"


@pytest.mark.skipif(shutil.which("klist") is None, reason="krb5-user is not installed")
def test_mit_kerberos_reads_the_keytab(tmp_path: Path) -> None:
    keytab = tmp_path / "ws01.keytab"
    write_keytab(keytab, make_keytab(principals=("WS01$",), realm="EXAMPLE.TEST", password="password", salt="salt"))
    told = subprocess.run(["klist", "-k", "-e", str(keytab)], capture_output=True, text=True, check=True).stdout
    assert told.count("WS01$@EXAMPLE.TEST") == 2
    assert "aes256-cts-hmac-sha1-96" in told
    assert "aes128-cts-hmac-sha1-96" in told
    assert keytab.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(shutil.which("klist") is None, reason="krb5-user is not installed")
def test_a_key_has_the_version_that_it_is_given(tmp_path: Path) -> None:
    keytab = tmp_path / "idp.keytab"
    made = make_keytab(principals=("HTTP/sts",), realm="EXAMPLE.TEST", password="password", salt="salt", version=259)
    write_keytab(keytab, made)
    told = subprocess.run(["klist", "-k", str(keytab)], capture_output=True, text=True, check=True).stdout
    assert [line.split() for line in told.splitlines()[-2:]] == [["259", "HTTP/sts@EXAMPLE.TEST"]] * 2
