"""Which single changes bring the symptom about, by what the trials show: there with it, gone without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hybridjoin.knowledge.suspect import Suspect
from hybridjoin.model.record import JoinResult
from hybridjoin.run.reproduction.outcome import Agreement
from hybridjoin.run.reproduction.reproduction import LabTrial, ProvenCause, TrialKind

_ORDER = list(Agreement)


def proven_causes(trials: Sequence[LabTrial]) -> tuple[ProvenCause, ...]:
    """Return the causes that trials prove, the first of which is the scenario as written; the surest first.

    Ahead is what shows the symptom exactly, then what mends the join when it is taken away, then what the evidence
    says about it; what is equal in all three has one rank.
    """
    as_written = next((item for item in trials if item.kind is TrialKind.AS_WRITTEN), None)
    if as_written is None or as_written.match is None:
        return ()
    found = sorted(_found(as_written, trials), key=_key)
    keys = list(dict.fromkeys(map(_key, found)))
    return tuple(replace(item, rank=keys.index(_key(item)) + 1) for item in found)


def _found(as_written: LabTrial, trials: Sequence[LabTrial]) -> Iterator[ProvenCause]:
    for trial in trials:
        if trial.match is None or trial is as_written:
            continue
        with_it, without_it = (trial, as_written) if trial.kind is TrialKind.ADDED else (as_written, trial)
        if with_it.agreement is Agreement.OTHER or not _more(with_it.agreement, without_it.agreement):
            continue
        yield ProvenCause(
            rank=0,
            agreement=with_it.agreement,
            mended=_joined(without_it),
            change=trial.change,
            trial=trial,
            suspect=trial.suspect,
        )


def _more(one: Agreement, other: Agreement) -> bool:
    return _ORDER.index(one) < _ORDER.index(other)


def _joined(trial: LabTrial) -> bool:
    return trial.match is not None and trial.match.outcome.result is JoinResult.FEDERATED


def _key(cause: ProvenCause) -> tuple[int, bool, int]:
    return _ORDER.index(cause.agreement), not cause.mended, standing_rank(cause.suspect)


def standing_rank(suspect: Suspect | None) -> int:
    """Return 0 for what the evidence proves; what nobody is suspected of stands in the file because it is proven."""
    return list(type(suspect.standing)).index(suspect.standing) if suspect is not None else 0
