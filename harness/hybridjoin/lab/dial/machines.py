"""Bends of what Entra Connect has seen of a computer: a new one, one that lost its key, one that was made anew."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from hybridjoin.device.adapters.clock import make_key
from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.dial.people import computer
from hybridjoin.lab.dial.services import Options
from hybridjoin.protocol.user_certificate import make_user_certificate

USER_CERTIFICATE = "userCertificate"


def without_certificate(bench: Bench, _: Options) -> None:
    """A computer that has never tried to join."""
    computer(bench)


def with_a_lost_key(bench: Bench, _: Options) -> None:
    """A computer whose object holds the certificate of a key that nobody has any more."""
    _certify(bench, computer(bench))


def recreated(bench: Bench, _: Options) -> None:
    """A computer whose object Entra Connect has seen, and that is another one of the same name by now."""
    dn = computer(bench)
    _certify(bench, dn)

    def make_anew() -> None:
        bench.admin.remove(dn)
        computer(bench)

    bench.after_first_cycle.append(make_anew)


def _certify(bench: Bench, dn: str) -> None:
    """Write a certificate as the computer itself does, with a key that is thrown away."""
    (guid,) = bench.admin.read(dn, "objectGUID") or (b"",)
    now = datetime.now(UTC)
    made = make_user_certificate(make_key(), UUID(bytes_le=guid), now=now, serial=uuid4())
    bench.admin.write(dn, {USER_CERTIFICATE: made})
