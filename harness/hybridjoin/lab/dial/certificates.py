"""Bends of the certificate that the identity provider shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.dial.services import Options


def expired(bench: Bench, _: Options) -> None:
    """Good in every other respect, and over since yesterday."""
    _trust(bench)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    bench.certificate = bench.authority.issue("idp", [bench.service_host], expires_at=yesterday)


def untrusted(bench: Bench, _: Options) -> None:
    """Good in every other respect, of an authority that nobody told the device of."""
    bench.certificate = bench.authority.issue("idp", [bench.service_host])


def wrong_name(bench: Bench, _: Options) -> None:
    """Good in every other respect, for the host next door."""
    _trust(bench)
    bench.certificate = bench.authority.issue("idp", [f"www.{bench.service_host}"])


def rolled(bench: Bench, _: Options) -> None:
    """The everyday one for the metadata, another good one from then on."""
    _trust(bench)
    new = bench.authority.issue("idp", [bench.service_host])
    bench.after_metadata.append(partial(bench.show, new))


def _trust(bench: Bench) -> None:
    """Let the device trust the scenario's authority besides the lab's."""
    both = bench.folder / "authorities.pem"
    both.write_bytes(bench.ca_file.read_bytes() + bench.authority.ca_file.read_bytes())
    bench.ca_file = both
