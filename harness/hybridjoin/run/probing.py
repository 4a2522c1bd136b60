"""The probes of a certification: asked one after the other, each kept, and told as they come."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

from hybridjoin.device.prober import Prober
from hybridjoin.device.probes.catalogue import find_probe
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.record import ProbeRow
from hybridjoin.model.recorded import keep
from hybridjoin.model.verdict import Outcome
from hybridjoin.run.certify_events import OnStage, StageFinished, StageStarted
from hybridjoin.run.certify_plan import Plan

GIVE_UP_AFTER: Final = 3


def ask_probes(plan: Plan, prober: Prober, kept: list[ProbeResult], on_stage: OnStage, *, total: int) -> None:
    """Ask every probe of the plan and keep each answer at once; hostile ones only where nobody forbids it.

    After three in a row that the machine spoiled the rest is not tried: it would only take the time.
    """
    forbidden = plan.forbids_harm_to(prober.hosts)
    spoilt = 0
    first = total - len(plan.probes) + 1
    with prober:
        for number, probe in enumerate(plan.probes, start=first):
            on_stage(StageStarted(name=probe.id, number=number, total=total))
            start = time.perf_counter()
            if spoilt >= GIVE_UP_AFTER:
                result = ProbeResult(probe=probe.id, interrupted=f"{GIVE_UP_AFTER} probes before it were interrupted")
            elif probe.hostile and forbidden:
                result = ProbeResult(probe=probe.id, skipped=forbidden)
            else:
                result = prober.ask(probe, hostile=plan.hostile)
                spoilt = spoilt + 1 if result.interrupted else 0
            kept.append(result)
            elapsed = time.perf_counter() - start
            on_stage(
                StageFinished(
                    name=probe.id,
                    outcome=_outcome(result),
                    elapsed_s=elapsed,
                    number=number,
                    total=total,
                    note=_note(result),
                )
            )


def probe_rows(results: Iterable[ProbeResult]) -> tuple[ProbeRow, ...]:
    """Return what became of each probe; passed says that it was asked, not what the answer is worth."""
    rows = []
    for result in results:
        probe = find_probe(result.probe)
        rows.append(
            ProbeRow(
                id=result.probe,
                sentence=probe.sentence if probe else "",
                hostile=probe is not None and probe.hostile,
                outcome=_outcome(result),
                note=_note(result),
                sent_digest=result.answers[0].sent_digest if result.answers else "",
                exchanges=tuple(keep(item) for item in result.transcript.exchanges),
                moments=result.transcript.moments,
                identifiers=result.transcript.identifiers,
                readings=result.transcript.readings,
            )
        )
    return tuple(rows)


def _outcome(result: ProbeResult) -> Outcome:
    if result.interrupted:
        return Outcome.INTERRUPTED
    return Outcome.SKIPPED if result.skipped else Outcome.PASSED


def _note(result: ProbeResult) -> str:
    return result.interrupted or result.skipped or "; ".join(answer.words for answer in result.answers)
