"""What `hybridjoin federation` does once its arguments are understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hybridjoin import checks
from hybridjoin.checks.minimum import minimum
from hybridjoin.checks.rules import BOOK
from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.explain.federation_screen import JudgedDomain, back_json, domain_json, show_back, show_domain
from hybridjoin.cli.output import say_json
from hybridjoin.device.adapters.bodies import SIZE_LIMIT
from hybridjoin.errors import PeerError
from hybridjoin.evidence.documents import federation_parts
from hybridjoin.given import read_given
from hybridjoin.intake.captured_token import read_token
from hybridjoin.intake.handed_out import read_handed_out
from hybridjoin.model.kept_body import Excerpt, octets
from hybridjoin.model.recorded import HttpReplyRecord
from hybridjoin.model.shown import shown
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol.mex import MexDocument, parse_mex
from hybridjoin.protocol.rstr import SoapFault, TokenResponse, parse_reply
from hybridjoin.report.json_report import read_record
from hybridjoin.report.terminal import console


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationRequest:
    """What the command line named besides the settings themselves; `mex` are the metadata's octets."""

    source: str
    mex: bytes | None
    assertion: Path | None
    run: Path | None


def carry_out(body: bytes, given: FederationRequest, *, as_json: bool) -> ExitCode:
    """Read, judge and print; return the exit code."""
    place = "standard input" if given.source == "-" else given.source
    handed = read_handed_out(body, place=place)
    document, response = _metadata(given.mex), _response(given)
    now = datetime.now(UTC)
    requirements = sorted(BOOK.select("FED-*"), key=lambda item: item.id)
    judged = tuple(
        JudgedDomain(
            settings=item,
            command=command,
            consumers=minimum(item, document),
            findings=checks.judge(
                federation_parts(
                    item,
                    now=now,
                    command=command,
                    siblings=handed.siblings(item),
                    document=document,
                    response=response,
                ),
                requirements,
            ),
        )
        for item, command in handed.domains
    )
    if as_json:
        say_json({"domains": [domain_json(one) for one in judged], "back": [back_json(one) for one in handed.back]})
    else:
        screen = console()
        for one in judged:
            show_domain(screen, shown(one))
        show_back(screen, shown(handed.back))
    broken = any(verdict.outcome is Outcome.FAILED for one in judged for verdict in one.findings)
    return ExitCode.PEER_FAILED if broken else ExitCode.AS_EXPECTED


def _metadata(body: bytes | None) -> MexDocument | None:
    if body is None:
        return None
    try:
        return parse_mex(body)
    except PeerError as error:
        raise mistake("--mex", error.problem, "hybridjoin mex says more about it") from error


def _response(given: FederationRequest) -> TokenResponse | None:
    """Return the token response to compare with: one around a bare assertion, or the one that was recorded."""
    if given.run is not None:
        return _recorded(given.run)
    if given.assertion is None:
        return None
    return _read(read_given(given.assertion, limit_bytes=SIZE_LIMIT), str(given.assertion))


def _read(body: bytes, place: str) -> TokenResponse:
    try:
        found = read_token(body)
    except PeerError as error:
        raise mistake(place, f"expected an assertion or a token response: {error.problem}") from error
    if isinstance(found, SoapFault):
        raise mistake(place, f"expected an assertion or a token response, found the SOAP fault {found.reason!r}")
    if found.response.assertion is None:
        raise mistake(place, "expected a SAML 1.1 assertion, found none in the response")
    return found.response


def _recorded(run: Path) -> TokenResponse:
    """Return the first token response of a run; its signature value is masked, its certificate is not."""
    for scenario in read_record(run).scenarios:
        for exchange in scenario.join.exchanges if scenario.join is not None else ():
            if exchange.step is not Step.RST or not isinstance(exchange.reply, HttpReplyRecord) or not exchange.ok:
                continue
            if isinstance(exchange.reply.body, Excerpt):
                continue
            try:
                found = parse_reply(octets(exchange.reply.body), http_status=200, content_type="")
            except PeerError:
                continue
            if isinstance(found, TokenResponse) and found.assertion is not None:
                return found
    raise mistake(str(run), "expected a run in which the IdP issued an assertion, found none")
