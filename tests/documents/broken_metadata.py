"""AD FS' metadata, broken on purpose in the ways in which clients' test suites break it.

A MUST fails where Windows finds no endpoint, or no document at all. Where it finds another endpoint in the same
document, whatever is wrong with one port is a warning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hybridjoin.model.verdict import Level, Outcome
from tests.documents.adfs_metadata import HOST, IN_13, IN_2005, WINDOWS, AdfsMetadata
from tests.documents.shapes import ONLY_2005, OTHER_IDENTITY, Findings, Said
from tests.protocol.documents import T13

_NAME = "windowstransport_IWSTrust13Async"
_URL = f"https://{HOST}/adfs/services/trust/13/windowstransport"
_PORT = f'<wsdl:port name="{_NAME}" binding="tns:{_NAME}">'
_BINDING = (
    f'<wsdl:binding name="{_NAME}" type="tns:IWSTrust13Async"><wsp:PolicyReference URI="#{_NAME}_policy"/>'
    '<soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Trust13IssueAsync">'
)
_ISSUE = f'<soap12:operation soapAction="{T13}/RST/Issue" style="document"/>'
_END = (
    '<wsdl:input><soap12:body use="literal"/></wsdl:input><wsdl:output><soap12:body use="literal"/></wsdl:output>'
    "</wsdl:operation></wsdl:binding>"
)
_ACCOUNT = AdfsMetadata(identity="<Upn>svc-adfs@contoso.example</Upn>")


def _warned(reason: str) -> Said:
    return Said(level=Level.SHOULD, outcome=Outcome.WARNING, reason=reason)


def _failed(reason: str) -> Said:
    return Said(level=Level.MUST, outcome=Outcome.FAILED, reason=reason)


def _with(old: str, new: str, document: AdfsMetadata | None = None) -> str:
    whole = str(document or AdfsMetadata())
    if old not in whole:
        raise LookupError(old)
    return whole.replace(old, new)


def _second_port(change: Callable[[str], str]) -> str:
    """The document with a second port for Windows before its own, spoiled."""
    whole = str(AdfsMetadata())
    start = whole.index(_PORT)
    port = whole[start : whole.index("</wsdl:port>", start) + len("</wsdl:port>")]
    return whole[:start] + change(port) + whole[start:]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenMetadata:
    """A document, what is said of it, and whether Windows still finds an endpoint."""

    body: Callable[[], str]
    findings: Findings
    windows: bool = True


_MSAL = _warned("MSAL takes the first port, or passes over a binding that Windows takes")
BROKEN: dict[str, BrokenMetadata] = {
    "a port with an http address before the good one": BrokenMetadata(
        body=lambda: _second_port(lambda port: port.replace(_URL, _URL.replace("https", "http"))),
        findings={"MEX-05": _warned("one port for Windows has an http address"), "MEX-15": _MSAL},
    ),
    "a port without an address": BrokenMetadata(
        body=lambda: _second_port(
            lambda port: (
                port.replace(f'<soap12:address location="{_URL}"/>', "")
                .replace(f"<wsa10:Address>{_URL}</wsa10:Address>", "")
                .replace(f'name="{_NAME}"', f'name="{_NAME}2"')
            )
        ),
        findings={"MEX-33": _warned("one port has no address, and nobody can call that one")},
    ),
    "a port without a binding": BrokenMetadata(
        body=lambda: _second_port(
            lambda port: port.replace(f' binding="tns:{_NAME}"', "").replace(f'name="{_NAME}"', f'name="{_NAME}2"')
        ),
        findings={
            "MEX-10": _warned("one port names no binding, and nobody can call that one"),
            "MEX-20": _warned("WSDL asks a port for the name of its binding"),
        },
    ),
    "a second binding without a name": BrokenMetadata(
        body=lambda: _with(_BINDING, _BINDING.replace(f' name="{_NAME}"', "") + _ISSUE + _END + _BINDING),
        findings={"MEX-20": _warned("WSDL asks a binding for its name")},
    ),
    "a binding without soapAction": BrokenMetadata(
        body=lambda: _with(_BINDING + _ISSUE, _BINDING),
        findings={**ONLY_2005, "MEX-14": _warned("one binding for Windows names no action, and is passed over")},
    ),
    "a binding without transport": BrokenMetadata(
        body=lambda: _with(
            f'URI="#{_NAME}_policy"/><soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/>',
            f'URI="#{_NAME}_policy"/><soap12:binding/>',
        ),
        findings={"MEX-15": _MSAL, "MEX-17": _warned("one binding for Windows names no transport")},
    ),
    "a policy reference without URI": BrokenMetadata(
        body=lambda: _with(f'<wsp:PolicyReference URI="#{_NAME}_policy"/>', "<wsp:PolicyReference/>"),
        findings={**ONLY_2005, "MEX-09": _warned("one binding refers to no policy, and is passed over")},
    ),
    "no reference to a policy that is there": BrokenMetadata(
        body=lambda: _with('URI="#', 'URI="#lost-', _ACCOUNT),
        findings={
            "MEX-04": _failed("no binding says what it asks for, and Windows finds nothing"),
            "MEX-09": _warned("every binding refers to a policy that is not there"),
        },
        windows=False,
    ),
    "windowstransport switched off": BrokenMetadata(
        body=lambda: str(
            AdfsMetadata(
                in_2005=tuple(door for door in IN_2005 if door is not WINDOWS),
                in_13=tuple(door for door in IN_13 if door is not WINDOWS),
            )
        ),
        findings={
            "MEX-03": _failed("no port asks for integrated Windows authentication"),
            "MEX-04": _failed("Windows finds no endpoint, and no computer joins"),
        },
        windows=False,
    ),
    "no XML": BrokenMetadata(
        body=lambda: _with("<sp:Basic256/>", "<sp:Basic256"),
        findings={"MEX-02": _failed("nobody can read the document")},
        windows=False,
    ),
    "another namespace than WSDL's": BrokenMetadata(
        body=lambda: _with('http://schemas.xmlsoap.org/wsdl/"', 'urn:example:no-wsdl"'),
        findings={"MEX-02": _failed("nobody who reads WSDL finds any in it")},
        windows=False,
    ),
    "two ports for user name and password": BrokenMetadata(
        body=lambda: _with(
            '<wsdl:port name="usernamemixed_IWSTrust13Async"',
            '<wsdl:port name="usernamemixed_IWSTrust13Async2" binding="tns:usernamemixed_IWSTrust13Async">'
            f'<soap12:address location="https://{HOST}/adfs/services/trust/13/second"/><wsa10:EndpointReference>'
            f"<wsa10:Address>https://{HOST}/adfs/services/trust/13/second</wsa10:Address></wsa10:EndpointReference>"
            '</wsdl:port><wsdl:port name="usernamemixed_IWSTrust13Async"',
            _ACCOUNT,
        ),
        findings=OTHER_IDENTITY,
    ),
    "no form of UsernameToken": BrokenMetadata(
        body=lambda: _with("<sp:WssUsernameToken10/>", "", _ACCOUNT), findings=OTHER_IDENTITY
    ),
}
