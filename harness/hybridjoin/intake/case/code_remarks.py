"""Remarks on what one code or one tool's sentence settles by itself: where to look, and where not."""

from __future__ import annotations

from typing import Final

from hybridjoin.intake.case.remark_row import Finder, Found, RemarkRow, either, value
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import documented, observed

_ERROR_CODES: Final = documented("Microsoft: Microsoft Entra authentication and authorization error codes")
_JOIN_CODES: Final = documented("Microsoft: Troubleshoot Microsoft Entra hybrid joined devices")
_OF_THE_CLIENT: Final = ("attempt.inner_code", "attempt.hresult", "last_attempt.client_code")


def client_code(pattern: str) -> Finder:
    """Find a code of the token client, wherever a screen or an event tells it."""
    return either(*(value(key, pattern) for key in _OF_THE_CLIENT))


def _aadsts(pattern: str) -> Finder:
    return either(value("attempt.aadsts", pattern), value("last_attempt.aadsts", pattern))


def saved_page(view: FactView) -> Found:
    """Find a page that was sent along with a failure that a page in metadata's or the token's place explains."""
    codes = client_code("^0x(caa9002c|8007000d)$")(view)
    return (*view.of("network.page"), codes[0]) if codes and view.has("network.page") else ()


CODE_REMARKS: Final[tuple[RemarkRow, ...]] = (
    RemarkRow("issuer-unknown",
        "Entra knows no federated domain of the issuer that the assertion names (AADSTS50107): IssuerUri and the "
        "IdP's issuer have to be the same, a slash at the end included. The claims were not looked at yet.",
        _ERROR_CODES, _aadsts("AADSTS50107$")),
    RemarkRow("signing-key-unknown",
        "The key that signed the assertion is none that the domain has in Entra (AADSTS5000811): the IdP's signing "
        "certificate was changed, and the domain's settings were not.",
        observed("public reports of guests whose SAML provider signs with another key"), _aadsts("AADSTS5000811$")),
    RemarkRow("assertion-out-of-time",
        "Entra found the assertion outside its time (AADSTS500133): the IdP's clock is off, or its tokens live too "
        "shortly.",
        _ERROR_CODES, _aadsts("AADSTS500133$")),
    RemarkRow("no-windows-endpoint",
        "The metadata names no endpoint at which a computer's ticket is taken: Windows ends there (0xcaa90022), and "
        "asks the token service for nothing.",
        _JOIN_CODES, either(client_code("^0xcaa90022$"), value("mex.chosen", "^nothing$"))),
    RemarkRow("metadata-not-xml",
        "What came from the metadata's address is no XML (0xcaa9002c): the IdP, or whoever answered in its place.",
        _JOIN_CODES, client_code("^0xcaa9002c$")),
    RemarkRow("scp-absent",
        "DSRegTool found no service connection point in the forest: a computer finds no tenant, unless its registry "
        "names one.",
        bases.DSREGTOOL, value("scp.missing", "YES")),
    RemarkRow("claim-absent",
        "DSRegTool asked the IdP as the computer, and did not find this claim's name in the reply.",
        bases.DSREGTOOL, value("idp.claim_absent", ".")),
    RemarkRow("no-user-certificate",
        "The computer's object has no userCertificate, and Entra Connect passes over such computers: a "
        "synchronized join, and the fallback, cannot be.",
        documented("Microsoft: How Microsoft Entra device registration works"), value("object.certificates", "^0$")),
)  # fmt: skip
