"""What checks read out of probes; a probe that was not asked, or proves nothing, keeps a check silent and says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hybridjoin.checks.silence import Silence, interrupted, judged_elsewhere, moot
from hybridjoin.evidence.probe import ProbeAnswer, Probes
from hybridjoin.model.verdict import NotTested, Untested

PLAIN_PROBE: Final = "rst-plain"
ANONYMOUS: Final = "rst-anonymous"
LET_THE_AGENT_PASS: Final = "Let the agent Windows-AzureAD-Authentication-Provider pass each rule, policy and firewall."


def answers_to(probes: Probes, probe: str) -> tuple[ProbeAnswer, ...]:
    """Return the answers to a probe, at least one.

    Raises:
        Silence: it was not asked, or not as it was meant to be.
    """
    result = probes.find(probe)
    if result is None:
        raise Silence(NotTested(reason=Untested.PROBE_NOT_ASKED, probe=probe))
    if result.skipped:
        raise Silence(NotTested(reason=Untested.PROBE_SKIPPED, probe=probe, detail=result.skipped))
    if result.interrupted or not result.answers:
        raise interrupted(probe, result.interrupted or "it has no answer")
    if any(item.baseline_digest == item.sent_digest for item in result.answers):
        raise interrupted(probe, "it sent the message without the change that it is about")
    return result.answers


def answers_beside_plain(probes: Probes, probe: str) -> tuple[ProbeAnswer, ...]:
    """Return the answers to a probe of an IdP that gives Windows' own request a token: elsewhere they say nothing.

    Raises:
        Silence: one of both was not asked, or Windows' own request gets no token either.
    """
    plain = probes.last_answer(PLAIN_PROBE)
    if plain is not None and not plain.tokens:
        raise moot(probe, f"Windows' own request gets no token either: {plain.words}")
    answers = answers_to(probes, probe)
    answers_to(probes, PLAIN_PROBE)
    return answers


def answer_to_windows_agent(
    probes: Probes, probe: str, *, serves: Callable[[ProbeAnswer], object], otherwise: str
) -> ProbeAnswer:
    """Return the answer to the name of Windows' token client, the first of a probe whose last goes under no name.

    Raises:
        Silence: it was not asked, or is not served under no name either, which `otherwise` says: no name decides then.
    """
    answers = answers_to(probes, probe)
    windows, nobody = answers[0], answers[-1]
    if not serves(windows) and not serves(nobody):
        raise moot(probe, f"{otherwise}: {nobody.words}")
    return windows


def require_ticket_to_matter(probes: Probes) -> None:
    """Go on only where a request without any ticket gets no token: else no ticket proves anything.

    Raises:
        Silence: it gets one.
    """
    anonymous = probes.first_answer(ANONYMOUS)
    if anonymous is not None and anonymous.tokens:
        raise judged_elsewhere("HTTP-06", "a request without credentials gets a token as well")
