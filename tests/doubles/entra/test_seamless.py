"""Seamless single sign-on: what a managed domain's realm says to whom, and the metadata that a library is led to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.doubles.entra import seamless
from hybridjoin.doubles.entra.config import Domain, EntraConfig
from hybridjoin.protocol.mex import Credential, Trust, choose, parse_mex
from tests.doubles.entra import forge

DOMAIN = Domain(name="managed.test", federated=False, seamless=True)


@pytest.mark.parametrize(
    ("asked", "sku", "federated"),
    [
        (DOMAIN, "MSAL.Desktop", True),
        (DOMAIN, "", False),
        (replace(DOMAIN, seamless=False), "MSAL.Desktop", False),
        (replace(DOMAIN, federated=True), "MSAL.Desktop", False),
        (None, "MSAL.Desktop", False),
    ],
)
def test_a_managed_domain_is_called_federated_to_libraries_that_name_themselves(
    asked: Domain | None, sku: str, federated: bool
) -> None:
    assert seamless.shown_as_federated(asked, sku) is federated


def test_the_metadata_has_an_endpoint_for_tickets_and_one_for_passwords_that_a_client_finds() -> None:
    document = parse_mex(seamless.metadata(EntraConfig.from_mapping(forge.mapping())).body)
    base = f"https://{seamless.AUTOLOGON}/{forge.TENANT_ID}/winauth/trust/2005"
    tickets, passwords = choose(document, Credential.WINDOWS), choose(document, Credential.USERNAME)

    assert tickets is not None
    assert passwords is not None
    assert (tickets.trust, passwords.trust) == (Trust.FEB2005, Trust.FEB2005)
    assert (tickets.url, passwords.url) == (f"{base}/windowstransport", f"{base}/usernamemixed")
