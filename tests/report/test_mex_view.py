"""A MEX document, explained."""

from __future__ import annotations

import pytest

from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level, Outcome, Verdict
from hybridjoin.model.where import Spot, Where
from hybridjoin.protocol.mex import parse_mex
from hybridjoin.report.documents.metadata import MexView, mex_json, view_mex

POLICY = {
    "windows": "<http:NegotiateAuthentication/>",
    "username": "<sp:SignedSupportingTokens><wsp:Policy><sp:UsernameToken/></wsp:Policy></sp:SignedSupportingTokens>",
}
ACTION = {
    "13": "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue",
    "2005": "http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue",
    "odd": "urn:something-else",
}


def mex(*endpoints: tuple[str, str, str, str]) -> bytes:
    """A document of (name, trust, credential, url) endpoints."""
    parts = [
        '<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"'
        ' xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:wsa="http://www.w3.org/2005/08/addressing"'
        ' xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"'
        ' xmlns:sp="http://schemas.xmlsoap.org/ws/2005/07/securitypolicy"'
        ' xmlns:http="http://schemas.microsoft.com/ws/06/2004/policy/http"'
        ' xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"'
        ' xmlns:tns="urn:sts" targetNamespace="urn:sts">'
    ]
    parts += [
        f'<wsp:Policy wsu:Id="{name}_policy"><wsp:ExactlyOne><wsp:All>{POLICY[credential]}<sp:TransportBinding>'
        "<wsp:Policy><sp:TransportToken><wsp:Policy><sp:HttpsToken/></wsp:Policy></sp:TransportToken></wsp:Policy>"
        "</sp:TransportBinding></wsp:All></wsp:ExactlyOne></wsp:Policy>"
        for name, _, credential, _ in endpoints
    ]
    parts += [
        f'<wsdl:binding name="{name}" type="tns:T"><wsp:PolicyReference URI="#{name}_policy"/><soap12:binding'
        ' transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Issue"><soap12:operation'
        f' soapAction="{ACTION[trust]}" style="document"/></wsdl:operation></wsdl:binding>'
        for name, trust, _, _ in endpoints
    ]
    parts.append('<wsdl:service name="s">')
    parts += [
        f'<wsdl:port name="{name}" binding="tns:{name}"><soap12:address location="{url}"/><wsa:EndpointReference>'
        f"<wsa:Address>{url}</wsa:Address></wsa:EndpointReference></wsdl:port>"
        for name, _, _, url in endpoints
    ]
    return "".join([*parts, "</wsdl:service></wsdl:definitions>"]).encode()


HOST = "https://sts.hybridjoin.test"
FOUR = mex(
    ("w2005", "2005", "windows", f"{HOST}/2005/windowstransport"),
    ("w13", "13", "windows", f"{HOST}/13/windowstransport"),
    ("u13", "13", "username", f"{HOST}/13/usernamemixed"),
    ("plain", "13", "windows", "http://sts.hybridjoin.test/13/plain"),
)
BROKEN = Verdict(
    requirement="MEX-07",
    level=Level.SHOULD,
    outcome=Outcome.WARNING,
    sentence="Each port names its SPN.",
    found="no identity",
    where=Where(step=Step.MEX, spot=Spot.ELEMENT, name="wsdl:port", label="w13", line=1),
)


def view(body: bytes, *findings: Verdict) -> MexView:
    return view_mex(parse_mex(body), findings, source="mex.xml")


def test_the_machines_form_is_the_published_one() -> None:
    data = mex_json(view(FOUR, BROKEN))

    assert data["endpoints"][1] == {
        "url": f"{HOST}/13/windowstransport",
        "trust": "1.3",
        "credential": "windows",
        "soap_action": ACTION["13"],
        "binding": "w13",
        "port": "w13",
        "spn": None,
    }
    assert [item["credential"] for item in data["endpoints"]] == ["windows", "windows", "username", "windows"]
    assert data["chosen"] == {"windows": f"{HOST}/13/windowstransport", "msal": f"{HOST}/13/windowstransport"}
    assert data["findings"] == [
        {
            "id": "MEX-07",
            "level": "SHOULD",
            "message": "Each port names its SPN. Found: no identity. (MEX, wsdl:port w13 (line 1))",
        }
    ]
    assert list(data) == ["endpoints", "chosen", "findings"]


def test_what_the_document_does_not_say_is_null() -> None:
    data = mex_json(view(mex(("odd", "odd", "username", f"{HOST}/odd"))))

    assert data["endpoints"][0]["trust"] is None
    assert data["chosen"] == {"windows": None, "msal": None}


def test_what_passed_is_no_finding() -> None:
    passed = Verdict(requirement="MEX-01", level=Level.MUST, outcome=Outcome.PASSED, sentence="It is XML.")

    assert view(FOUR, passed).findings == ()


@pytest.mark.parametrize(
    ("port", "reason"),
    [
        ("w2005", "Windows takes WS-Trust 1.3 before 2005/02"),
        ("w13", ""),
        ("u13", "its policy does not ask for HTTP Negotiate"),
        ("plain", "its address is http, and Windows wants https; Windows takes the first that fits, port w13"),
    ],
)
def test_each_endpoint_that_windows_passes_over_says_why(port: str, reason: str) -> None:
    found = next(item for item in view(FOUR).endpoints if item.endpoint.port == port)

    assert found.passed_over == reason
    assert found.windows is (reason == "")
