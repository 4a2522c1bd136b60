"""Bends of the tenant: a second federated domain beside the everyday one, at the same identity provider."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.doubles.idp.addresses import addresses_of
from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.dial.services import Options

_SECOND: Final = "second-domain"


def two_domains(bench: Bench, _: Options) -> None:
    """Say by issuerid that the computer's domain is meant."""
    _add_domain(bench)
    bench.idp["issuer_id"] = bench.issuer


def two_domains_wrong_issuerid(bench: Bench, _: Options) -> None:
    """Say by issuerid that a domain is meant that Entra does not know."""
    _add_domain(bench)
    bench.idp["issuer_id"] = f"{bench.issuer}/nobody"


def _add_domain(bench: Bench) -> None:
    """Register a second domain at Entra, whose issuer is its own and whose addresses and key are the first one's."""
    addresses = addresses_of({**bench.everyday, **bench.idp})
    certificate = x509.load_pem_x509_certificate(Path(str(bench.everyday["signing_certificate"])).read_bytes())
    bench.entra["domains"] = [
        {
            "name": f"{_SECOND}.{bench.lab_file.tenant.name}",
            "authentication": "Federated",
            "issuer_uri": f"{bench.issuer}/{_SECOND}",
            "metadata_exchange_uri": addresses.mex,
            "active_sign_in_uri": addresses.active,
            "passive_sign_in_uri": addresses.passive,
            "signing_certificate": base64.b64encode(certificate.public_bytes(Encoding.DER)).decode("ascii"),
        }
    ]
