"""The files that a site file names: found beside it, and every one that is not there is told."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import is_file, read_given
from hybridjoin.intake.federation import LIMIT_BYTES, FederationSettings, read_settings, settings_of
from hybridjoin.scenario.yaml.source import DataPath, Positions

NONE_THERE: Final = "expected the path of a file, found none at "
PUBLIC: Final = frozenset({"signing_certificate", "next_signing_certificate", "ca_file", "krb5_config", "federation"})
SECRET: Final = frozenset({"keytab", "password_file", "user_certificate_key"})
"""The keys of a site file that name other files, and those of them that hold secrets."""


class SiteFiles:
    """Finds the files that a site file names, beside it, and remembers those that are not there."""

    def __init__(self, folder: Path, positions: Positions) -> None:
        self._folder = folder
        self._positions = positions
        self.mistakes: list[Mistake] = []

    def wanted(self, text: str, path: DataPath) -> Path:
        """Return a file that has to be there."""
        found = (self._folder / text).absolute()
        if not is_file(found):
            self.refuse(path, f"{NONE_THERE}'{text}'")
        return found

    def not_there(self, data: object) -> tuple[tuple[Mistake, ...], tuple[Mistake, ...]]:
        """Return which files that are named are not there: the public ones, and those with secrets."""
        found = tuple(self._not_there(data, (), ""))
        public = tuple(mistake for key, mistake in found if key in PUBLIC)
        return public, tuple(mistake for key, mistake in found if key in SECRET)

    def _not_there(self, data: object, path: DataPath, key: str) -> Iterator[tuple[str, Mistake]]:
        if isinstance(data, dict):
            for name, value in data.items():
                yield from self._not_there(value, (*path, name), name)
        elif isinstance(data, list):
            for index, value in enumerate(data):
                yield from self._not_there(value, (*path, index), key)
        elif isinstance(data, str) and key in PUBLIC | SECRET and not is_file(self._folder / data):
            yield key, Mistake(place=self._positions.value(path), problem=f"{NONE_THERE}'{data}'")

    def optional(self, text: str | None, path: DataPath) -> Path | None:
        """Return a file that has to be there where it is named at all."""
        return self.wanted(text, path) if text is not None else None

    def certificate(self, text: str, path: DataPath) -> bytes:
        """Return the DER of a certificate in PEM, DER, or the base64 that Microsoft Graph shows."""
        found = self.wanted(text, path)
        raw = self._octets(found, path)
        try:
            return der_of(raw) if raw else b""
        except ValueError:
            self.refuse(path, f"expected an X.509 certificate in PEM or DER, found something else in '{text}'")
            return b""

    def federation(self, text: str | None, path: DataPath, domains: tuple[str, ...]) -> FederationSettings | None:
        """Return the domain's federation settings where a file of them is named."""
        found = self.optional(text, path)
        if text is None or found is None or not is_file(found):
            return None
        place = str(self._folder / text)
        try:
            body = read_given(found, limit_bytes=LIMIT_BYTES, place=self._positions.value(path))
            return settings_of(read_settings(body, place=place), domains, place=place)
        except UsageError as error:
            self.mistakes.extend(error.mistakes)
            return None

    def _octets(self, found: Path, path: DataPath) -> bytes:
        """Return what is in a file that is there; what cannot be read is a mistake of the line that names it."""
        if not is_file(found):
            return b""
        try:
            return read_given(found, limit_bytes=LIMIT_BYTES, place=self._positions.value(path))
        except UsageError as error:
            self.mistakes.extend(error.mistakes)
            return b""

    def refuse(self, path: DataPath, problem: str, hint: str = "") -> None:
        """Remember a mistake at a place of the file."""
        self.mistakes.append(Mistake(place=self._positions.value(path), problem=problem, hint=hint))


def der_of(raw: bytes) -> bytes:
    """Return the DER of a certificate in PEM, DER, or the base64 that Microsoft Graph shows.

    Raises:
        ValueError: it is none of them.
    """
    for read in (_pem, _der, _base64):
        with suppress(ValueError, x509.InvalidVersion):
            return read(raw)
    raise ValueError("expected an X.509 certificate in PEM or DER")


def _pem(raw: bytes) -> bytes:
    return x509.load_pem_x509_certificate(raw).public_bytes(Encoding.DER)


def _der(raw: bytes) -> bytes:
    return x509.load_der_x509_certificate(raw).public_bytes(Encoding.DER)


def _base64(raw: bytes) -> bytes:
    return _der(base64.b64decode(b"".join(raw.split()), validate=True))
