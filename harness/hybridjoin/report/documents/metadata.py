"""Explains a MEX document: every endpoint, what it asks for, which one real clients choose, and why not the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hybridjoin.model.verdict import Outcome, Verdict
from hybridjoin.protocol.address import split_address
from hybridjoin.protocol.mex import Credential, MexDocument, MexEndpoint, Trust, choose_msal, choose_windows
from hybridjoin.report.where_text import where_text

ASKS_FOR = {
    Credential.WINDOWS: "HTTP Negotiate, the computer's own ticket",
    Credential.USERNAME: "user name and password in the message",
    Credential.CERTIFICATE: "a certificate",
    Credential.KERBEROS: "a Kerberos token in the message",
    Credential.ISSUED: "a token that another service issued",
    Credential.UNKNOWN: "something no known policy names",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    """One endpoint; `passed_over` says why Windows does not choose it, empty where it does."""

    endpoint: MexEndpoint
    asks_for: str
    windows: bool
    msal: bool
    passed_over: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MexView:
    """A MEX document, explained; `source` is the URL or file it came from."""

    source: str
    wrapper: str
    endpoints: tuple[EndpointView, ...]
    windows: MexEndpoint | None
    msal: MexEndpoint | None
    findings: tuple[Verdict, ...]


def view_mex(document: MexDocument, findings: Iterable[Verdict], *, source: str) -> MexView:
    """Explain a document; of the findings those stay that somebody has to look at."""
    windows, msal = choose_windows(document), choose_msal(document)
    return MexView(
        source=source,
        wrapper=document.wrapper,
        endpoints=tuple(_endpoint(item, windows, msal) for item in document.endpoints),
        windows=windows,
        msal=msal,
        findings=_to_look_at(findings),
    )


def view_unreadable(findings: Iterable[Verdict], *, source: str) -> MexView:
    """Return the view of what is no MEX document at all: no endpoints, and the findings that say why."""
    return MexView(
        source=source, wrapper="not readable", endpoints=(), windows=None, msal=None, findings=_to_look_at(findings)
    )


def _to_look_at(findings: Iterable[Verdict]) -> tuple[Verdict, ...]:
    return tuple(item for item in findings if item.outcome not in {Outcome.PASSED, Outcome.SKIPPED})


def mex_json(view: MexView) -> dict[str, Any]:
    """Return the machine's form of a view; what the document does not say is null."""
    return {
        "endpoints": [
            {
                "url": item.endpoint.url,
                "trust": item.endpoint.trust.value if item.endpoint.trust else None,
                "credential": None
                if item.endpoint.credential is Credential.UNKNOWN
                else item.endpoint.credential.value,
                "soap_action": item.endpoint.soap_action,
                "binding": item.endpoint.binding,
                "port": item.endpoint.port,
                "spn": item.endpoint.spn,
            }
            for item in view.endpoints
        ],
        "chosen": {
            "windows": view.windows.url if view.windows else None,
            "msal": view.msal.url if view.msal else None,
        },
        "findings": [
            {"id": item.requirement, "level": item.level.value, "message": finding_message(item)}
            for item in view.findings
        ],
    }


def finding_message(verdict: Verdict) -> str:
    """Say in one line which sentence is broken, what came, and where."""
    found = f" Found: {verdict.found}." if verdict.found else ""
    where = f" ({where_text(verdict.where)})" if verdict.where else ""
    return f"{verdict.sentence}{found}{where}"


def _endpoint(item: MexEndpoint, windows: MexEndpoint | None, msal: MexEndpoint | None) -> EndpointView:
    return EndpointView(
        endpoint=item,
        asks_for=ASKS_FOR[item.credential],
        windows=item == windows,
        # MSAL reads the address of the endpoint reference, which may differ from the soap address.
        msal=msal is not None and (item.port, item.binding, item.line) == (msal.port, msal.binding, msal.line),
        passed_over="" if item == windows else "; ".join(_reasons(item, windows)),
    )


def _reasons(item: MexEndpoint, windows: MexEndpoint | None) -> Iterator[str]:
    if item.credential is not Credential.WINDOWS:
        yield "its policy does not ask for HTTP Negotiate"
        return
    scheme = split_address(item.url).scheme.lower()
    if scheme != "https":
        yield f"its address is {scheme or 'missing'}, and Windows wants https"
    if item.trust is None:
        yield f"its soapAction {item.soap_action!r} is not the Issue action of WS-Trust 1.3 or 2005/02"
    elif windows is not None and windows.trust is Trust.V13 and item.trust is Trust.FEB2005:
        yield "Windows takes WS-Trust 1.3 before 2005/02"
    elif windows is not None and windows.trust is item.trust:
        yield f"Windows takes the first that fits, port {windows.port}"
    elif scheme == "https":
        yield "its binding is missing, or is not SOAP 1.2 over HTTP"
