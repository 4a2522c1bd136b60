"""Entra's own token service, asked by a client of another house: curl with a ticket of MIT Kerberos."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest

from hybridjoin.lab.dial.bench import Order
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.lab import Lab
from hybridjoin.lab.shared_domain import SharedDomain
from hybridjoin.protocol.rstr import SoapFault, TokenResponse, parse_reply
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.scenario import Bend

pytestmark = pytest.mark.lab

Tool = Callable[..., subprocess.CompletedProcess[str]]
HOST = "autologon.microsoftazuread-sso.com"
REQUEST = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
    '<t:RequestSecurityToken xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"/></s:Body></s:Envelope>'
)


@pytest.fixture
def lab(lab_file: LabFile, domain: Domain) -> Iterator[Lab]:
    with Lab(lab_file, backend=SharedDomain(domain)) as opened:
        yield opened


def seamless(option: str) -> Order:
    bend = Bend(name="seamless-account", options={"state": option})
    return Order(name=f"curl-{option}", bends=(bend,), device="WS01", person="carol")


def curl(lab: Lab, tool: Tool, *more: str) -> str:
    """Return status line, headers and body, of the last answer where there are two."""
    url = f"https://{HOST}/{lab.lab_file.tenant.id}/winauth/trust/2005/windowstransport"
    to = f"{HOST}:443:127.0.0.1:{lab.ports.entra}"
    told = tool(
        "curl", "-s", "-i", "--cacert", str(lab.domain.ca_file), "--connect-to", to, *more, "-d", REQUEST,
        "-H", "Content-Type: application/soap+xml", url,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return told.stdout


def answered(text: str) -> TokenResponse | SoapFault:
    return parse_reply(text[text.index("<?xml") :].encode(), http_status=200, content_type="application/soap+xml")


@pytest.mark.parametrize("option", ["good", "rc4-only"])
def test_a_ticket_of_mit_kerberos_brings_a_token(lab: Lab, tool: Tool, domain: Domain, option: str) -> None:
    with lab.site(dial=seamless(option)):
        without = curl(lab, tool)
        assert tool("kinit", "-k", "-t", domain.keytabs["carol"], "carol").returncode == 0
        found = answered(curl(lab, tool, "--negotiate", "-u", ":"))

    assert without.startswith("HTTP/1.1 401 ")
    assert "www-authenticate: negotiate" in without.lower()
    assert isinstance(found, TokenResponse)
    assert found.desktop_sso


def test_a_key_that_entra_does_not_have_is_told_by_its_number(lab: Lab, tool: Tool, domain: Domain) -> None:
    with lab.site(dial=seamless("key-rolled-over")):
        assert tool("kinit", "-k", "-t", domain.keytabs["carol"], "carol").returncode == 0
        found = answered(curl(lab, tool, "--negotiate", "-u", ":"))

    assert isinstance(found, SoapFault)
    assert found.own_words.startswith("AADSTS81004: ")


def test_a_directory_without_a_trust_to_entras_kerberos_knows_no_registration_service(
    tool: Tool, domain: Domain
) -> None:
    """What the hybrid join by Entra Kerberos asks for, 0x7 in the event log, as any KDC says it that has no trust."""
    assert tool("kinit", "-k", "-t", domain.keytabs["WS01$"], "WS01$").returncode == 0
    told = tool("kvno", "adrs/enterpriseregistration.windows.net")

    assert told.returncode != 0
    assert "not found in Kerberos database" in told.stderr
