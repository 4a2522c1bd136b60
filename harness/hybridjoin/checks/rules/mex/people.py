"""What of the metadata people need who sign in on a joined computer; the join itself does not ask for it."""

from __future__ import annotations

from hybridjoin.checks.places import at_answer
from hybridjoin.checks.probed import PLAIN_PROBE, answers_to
from hybridjoin.checks.requirement import Finding, broken, expect, holds, not_applicable, requirement
from hybridjoin.checks.rules.mex.structure import at, at_ports
from hybridjoin.checks.silence import moot
from hybridjoin.evidence.probe import Probes
from hybridjoin.model.site import UserPractice
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.mex import Credential, MexDocument

_PROBE = "username-port"
_GONE = {404, 410}


@requirement(
    "MEX-35",
    Level.MAY,
    "MS-TROUBLE Authentication phase",
    remedy="Publish a certificatemixed port, where people sign in with smart cards.",
)
def certificate_endpoint_is_offered(document: MexDocument, users: UserPractice) -> Finding:
    """A port for certificates is published, where people sign in with smart cards; Windows says 0xC004848C without."""
    if not users.smart_cards:
        return not_applicable(
            "nobody said that people sign in by certificate (idp: users: smart_cards in the site file)"
        )
    found = [item for item in document.endpoints if item.credential is Credential.CERTIFICATE]
    kinds = ", ".join(sorted({item.credential for item in document.endpoints})) or "no ports"
    where = at(found[0]) if found else at_ports(document)
    return expect(found, expected="a port for certificates", found=found[0].url if found else kinds, where=where)


@requirement(
    "MEX-36",
    Level.SHOULD,
    "MSAL WsTrustWebRequestManager",
    remedy="Switch the endpoint on that the metadata publishes, or take its port out of the metadata.",
    verified=True,
)
def username_endpoint_is_alive(probes: Probes) -> Finding:
    """The endpoint for user name and password that the metadata publishes is there: it answers, and not HTTP 404."""
    answer, plain = answers_to(probes, _PROBE)[0], probes.last_answer(PLAIN_PROBE)
    if answer.status is None and (plain is None or plain.status is None):
        raise moot(_PROBE, f"the token service answers no request at all: {answer.words}")
    where = at_answer(_PROBE, answer)
    if answer.status is None or answer.status in _GONE:
        return broken(expected="any answer but 404", found=answer.words, where=where)
    return holds(answer.words, where=where)
