"""The places that checks point at, in a few words each; without a name, all of the message is meant.

An element is named as specifications write it (`saml:Attribute`), and only one that stands in the message: what is
missing is said of the element that should hold it.
"""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.checks.silence import inapplicable
from hybridjoin.evidence.browser import PassiveVisit
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.probe import ProbeAnswer
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.steps import Step
from hybridjoin.model.where import Side, Spot, Where
from hybridjoin.protocol.authorization import SignInForm
from hybridjoin.protocol.rstr import TokenResponse


def _of(name: str, spot: Spot) -> Spot:
    return spot if name else Spot.MESSAGE


def in_metadata(name: str = "", *, label: str = "", line: int = 0, reader: str = "") -> Where:
    """An element of the IdP's metadata."""
    return Where(step=Step.MEX, spot=_of(name, Spot.ELEMENT), name=name, label=label, line=line, reader=reader)


def in_response(name: str = "", *, label: str = "", reader: str = "") -> Where:
    """An element of the token service's reply."""
    return Where(step=Step.RST, spot=_of(name, Spot.ELEMENT), name=name, label=label, reader=reader)


def response_header(name: str) -> Where:
    """A header of the token service's reply."""
    return Where(step=Step.RST, spot=Spot.HEADER, name=name)


def response_status() -> Where:
    """The status line of the token service's reply."""
    return Where(step=Step.RST, spot=Spot.STATUS)


def in_the_page() -> Where:
    """The IdP's page for a browser, or what came in its place."""
    return Where(step=Step.PASSIVE)


def in_the_redirect() -> Where:
    """Where Entra sends a browser for its answer from the IdP."""
    return Where(step=Step.AUTHORIZE)


def in_publication(name: str = "") -> Where:
    """An element of what the IdP publishes of itself."""
    return Where(step=Step.FEDERATION_METADATA, spot=_of(name, Spot.ELEMENT), name=name)


def in_answer(step: Step, member: str = "") -> Where:
    """A member of a JSON document that Entra or the registration service answered with."""
    return Where(step=step, spot=_of(member, Spot.MEMBER), name=member)


def in_directory(step: Step, attribute: str = "") -> Where:
    """A directory entry, or an attribute of it."""
    return Where(step=step, spot=Spot.ENTRY, name=attribute)


def in_ticket(field: str = "") -> Where:
    """The service ticket, or a field of it."""
    return Where(step=Step.TICKET, spot=Spot.TICKET, name=field)


def in_settings(settings: FederationSettings, name: str) -> Where:
    """A federation setting, in the document that it was read from.

    Raises:
        Silence: nobody knows its value, so that it is not missing: an expression stands there, or it stays as it is.
    """
    silent = settings.silence_about(name)
    if silent:
        raise inapplicable(silent)
    return Where(document=settings.place, spot=Spot.MEMBER, name=name)


def answer_to(step: Step, outcome: FlowOutcome) -> Where:
    """The reply of a step; its request where the exchange broke before there was one."""
    return Where(step=step, side=Side.REQUEST if outcome.broken_off_at(step) else Side.REPLY)


def at_probe(probe: str, name: str = "", *, label: str = "", number: int = 0) -> Where:
    """An element of the answer to a probe; `number` says of which, from 1, where it is asked several times."""
    return Where(probe=probe, answer=number, spot=_of(name, Spot.ELEMENT), name=name, label=label)


def at_answer(probe: str, answer: ProbeAnswer, *, number: int = 0) -> Where:
    """The status line of an answer to a probe; the probe alone where none came."""
    return Where(probe=probe, answer=number, spot=Spot.MESSAGE if answer.status is None else Spot.STATUS)


def at_last_answer(probe: str, answers: tuple[ProbeAnswer, ...]) -> Where:
    """The status line of the last of the answers to a probe, of which there is at least one."""
    return at_answer(probe, answers[-1], number=len(answers) if len(answers) > 1 else 0)


def at_header(probe: str, answer: ProbeAnswer, name: str, *, number: int = 0) -> Where:
    """A header of an answer to a probe; its status line where that header is missing."""
    if answer.header(name) is None:
        return at_answer(probe, answer, number=number)
    return Where(probe=probe, answer=number, spot=Spot.HEADER, name=name)


def of_the_assertion(where: Where | None, response: TokenResponse | None) -> Where | None:
    """Say of a place in an assertion which one of several it is: the one that is read, not a twin beside or in it."""
    if where is None or response is None or not response.assertion_number:
        return where
    inside = where.step is Step.RST and where.side is Side.REPLY and where.name.startswith(("saml:", "ds:"))
    return replace(where, assertion=response.assertion_number) if inside else where


def in_the_form(where: Where | None, visit: PassiveVisit | None) -> Where | None:
    """Say of a place in a token service's reply where it is in a sign-in by browser: in the form of the IdP's page."""
    if where is None or visit is None or where.step not in {Step.RST, Step.PASSIVE}:
        return where
    return replace(where, step=visit.answered_at)


def of_a_bridge(where: Where | None, outcome: FlowOutcome | None, form: SignInForm | None) -> Where | None:
    """Say of the redirect to the IdP where it is in a bridge's sign-in: behind Entra's page, or in the place of it."""
    if where is None or where.step is not Step.AUTHORIZE or outcome is None or outcome.flow != BRIDGE.name:
        return where
    return replace(where, step=Step.SIGN_IN_PAGE if form is None else Step.SIGN_IN)
