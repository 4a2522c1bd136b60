"""The verdict of a reproduction, and its reason in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from hybridjoin.intake.case.missing import Wanted
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.model.steps import Phase
from hybridjoin.run.reproduction.changes import words_of
from hybridjoin.run.reproduction.outcome import Agreement
from hybridjoin.run.reproduction.ranking import proven_causes
from hybridjoin.run.reproduction.reproduction import LabTrial, ProvenCause, Reproduced, Reproduction, TrialKind

_ORDER = list(Agreement)
_VERDICTS = {
    Agreement.SAME: Reproduced.REPRODUCED,
    Agreement.IN_PART: Reproduced.IN_PART,
    Agreement.OTHER: Reproduced.NOT_REPRODUCED,
}
_NO_PRE_CHECK = "; the lab's device makes no pre-check, and what ends Windows' there ends its discovery"
_TRANSCRIPT = Wanted(
    id="debug",
    what="the join's own transcript, as SYSTEM",
    command="psexec -s -i cmd, then: dsregcmd /join /debug > join.txt",
    decides="in which phase the join fails, and with which code",
)


def untriable(symptom: Symptom | None, wanted: tuple[Wanted, ...]) -> Reproduction | None:
    """Return the verdict where the evidence names nothing to bring about, with what to ask for; None where it does."""
    if symptom is None:
        why = "no attempt in the evidence is known to have failed, so there is nothing to bring about"
    elif not symptom.code and symptom.aadsts is None:
        why = "no line of the evidence names a code, so that nothing tells this failure from any other"
    else:
        return None
    asked = wanted if any(item.id == _TRANSCRIPT.id for item in wanted) else (_TRANSCRIPT, *wanted)
    return Reproduction(verdict=Reproduced.NOT_REPRODUCED, why=why, symptom=symptom, wanted=asked)


def verdict_of(
    symptom: Symptom,
    trials: tuple[LabTrial, ...],
    *,
    untried: int = 0,
    interrupted: str = "",
    wanted: tuple[Wanted, ...] = (),
) -> Reproduction:
    """Say what trials come to."""
    ended = [item for item in trials if item.match is not None]
    best = min(ended, key=_likeness, default=None)
    agreement = best.agreement if best is not None else Agreement.OTHER
    verdict = _VERDICTS[agreement]
    if verdict is Reproduced.NOT_REPRODUCED and (interrupted or best is None):
        verdict = Reproduced.UNDECIDED
    causes = proven_causes(trials)
    return Reproduction(
        verdict=verdict,
        why=_why(verdict, best, causes, trials) + (_NO_PRE_CHECK if symptom.phase == Phase.PRE_CHECK else ""),
        symptom=symptom,
        trials=trials,
        causes=causes,
        best=best,
        wanted=wanted,
        untried=untried,
        interrupted=interrupted,
    )


def _likeness(trial: LabTrial) -> tuple[int, int]:
    differs = len(trial.match.differs) if trial.match is not None else 0
    return _ORDER.index(trial.agreement), differs


def _why(verdict: Reproduced, best: LabTrial | None, causes: Sequence[ProvenCause], trials: Sequence[LabTrial]) -> str:
    if best is None or best.match is None or verdict is Reproduced.UNDECIDED:
        return f"it was stopped before any of {len(trials)} trials showed the symptom"
    differs = ", ".join(best.match.differs)
    if verdict is Reproduced.NOT_REPRODUCED:
        return f"{_tried(trials)}; the most alike differs in: {differs}"
    shown = "the symptom" if verdict is Reproduced.REPRODUCED else f"its phase and one code (these differ: {differs})"
    if best.kind is not TrialKind.AS_WRITTEN:
        number = sum(item.agreement is best.agreement for item in causes)
        more = f", as with {number - 1} other single changes" if number > 1 else ""
        return f"with {words_of(best.change)} the lab shows {shown}, and without it does not{more}"
    if not causes:
        return f"by what the evidence proves the lab shows {shown}; nothing that was taken out of it alone ends that"
    return f"by what the evidence proves the lab shows {shown}, and without {words_of(causes[0].change)} does not"


def _tried(trials: Sequence[LabTrial]) -> str:
    number = sum(item.match is not None for item in trials) - 1
    if not number:
        return "the scenario as written ended otherwise, and no single change is known that would end in this"
    return f"the scenario as written and each of {number} single changes ended otherwise"
