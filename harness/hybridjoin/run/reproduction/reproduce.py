"""Tries a case out in one warm lab: as the evidence proves it, then with each suspect, or without each change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.intake.case.missing import Wanted
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.knowledge.suspect import Suspect
from hybridjoin.model.events import JobKind, OnEvent, silent
from hybridjoin.model.record import RunRecord, ScenarioRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.run.engine import JobDone, carry_out
from hybridjoin.run.ports import SiteProvider
from hybridjoin.run.reproduction.changes import Keys, has_change, single_changes, with_change, without_change, words_of
from hybridjoin.run.reproduction.lab_changes import lab_changes, write_lab
from hybridjoin.run.reproduction.limits import LIMIT_TRIALS
from hybridjoin.run.reproduction.outcome import Agreement, match_of
from hybridjoin.run.reproduction.ranking import proven_causes, standing_rank
from hybridjoin.run.reproduction.reproduction import LabTrial, Reproduction, TrialKind
from hybridjoin.run.reproduction.verdict import untriable, verdict_of
from hybridjoin.run.scenarios import ScenarioJob, not_run
from hybridjoin.run.session import mistakes_before_start, run_record
from hybridjoin.scenario.compose import Document, expand
from hybridjoin.scenario.read import ScenariosRead, read_variant
from hybridjoin.scenario.scenario import Scenario
from hybridjoin.scenario.yaml.refusal import refuse
from hybridjoin.scenario.yaml.source import load_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class ReproducibleCase:
    """What a reproduction stands on: the scenario of what is proven, the symptom, the suspects, what is missing.

    `path` is the scenario's file, which its lab file lies beside, and `file` what reports call it.
    """

    document: Document
    path: Path
    file: str
    symptom: Symptom | None
    suspects: tuple[Suspect, ...] = ()
    wanted: tuple[Wanted, ...] = ()


def nothing_to_try(case: ReproducibleCase) -> Reproduction | None:
    """Return the verdict of a case that names nothing to bring about; None where there is something to try."""
    return untriable(case.symptom, case.wanted)


def reproduce(
    case: ReproducibleCase, provider: SiteProvider, *, most: int = LIMIT_TRIALS, on_event: OnEvent = silent
) -> tuple[Reproduction, RunRecord]:
    """Try a case out; what stops it keeps what was found until then.

    Raises:
        UsageError: the case's own scenario has mistakes; nothing was started.
        ValueError: the case names nothing to bring about.
    """
    if case.symptom is None:
        raise ValueError("a case without a symptom has nothing to try")
    started_at = datetime.now(UTC)
    with TemporaryDirectory(prefix="hj-case-") as folder:
        bench = _Bench(case, case.symptom, provider, most, Path(folder))
        interrupted = carry_out(bench.jobs(), lambda: bench.total, on_event)
    record = run_record(bench.records, provider, started_at=started_at, interrupted=interrupted)
    found = verdict_of(
        case.symptom, tuple(bench.trials), untried=bench.untried, interrupted=interrupted, wanted=case.wanted
    )
    return found, record


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A trial that is still to be run; `lab` is what its lab file says, where that is not the case's own."""

    kind: TrialKind
    change: Keys
    document: Document
    suspect: Suspect | None = None
    lab: Keys | None = None


_Keeper = Callable[[_Plan, ScenarioRecord], None]


class _Bench:
    """Decides what is tried next by what has come of the trials before it."""

    def __init__(
        self, case: ReproducibleCase, symptom: Symptom, provider: SiteProvider, most: int, folder: Path
    ) -> None:
        self._case = case
        self._folder = folder
        self._symptom = symptom
        self._provider = provider
        self._most = most
        self._base = _sound(case, provider)
        self.trials: list[LabTrial] = []
        self.records: list[ScenarioRecord] = []
        self.total = 1
        self.untried = 0

    def jobs(self) -> Iterator[_TrialJob]:
        """Yield one trial after the other."""
        yield self._job(_Plan(kind=TrialKind.AS_WRITTEN, change={}, document=self._case.document), self._base)
        shown = self.trials[0].agreement
        plans = list(self._added()) if shown is not Agreement.SAME else []
        if shown is not Agreement.OTHER:
            plans += self._taken_away()
        yield from self._each(plans)
        if shown is not Agreement.OTHER and not any(item.mended for item in proven_causes(self.trials)):
            yield from self._each(list(self._out_of_the_lab()))

    def _each(self, plans: list[_Plan]) -> Iterator[_TrialJob]:
        room = max(self._most - len(self.trials), 0)
        self.untried += len(plans[room:])
        self.total = len(self.trials) + len(plans[:room])
        for plan in plans[:room]:
            number = len(self.trials)
            named = replace(self._base, id=f"{self._base.id}-{number}", title=self._title(plan))
            read = self._read(plan, number)
            if read.mistakes:
                self._keep_untold(plan, named, read.mistakes)
            else:
                yield self._job(plan, replace(read.scenarios[0], id=named.id, title=named.title))

    def _added(self) -> Iterator[_Plan]:
        """Lay each suspect alone on top of what is proven, the likeliest first."""
        data = self._case.document.data
        ordered = sorted(self._case.suspects, key=standing_rank)
        for suspect in (item for item in ordered if not has_change(data, item.change)):
            document = with_change(self._case.document, suspect.change, name=f"the suspect {suspect.id}")
            yield _Plan(kind=TrialKind.ADDED, change=suspect.change, document=document, suspect=suspect)

    def _taken_away(self) -> Iterator[_Plan]:
        """Take away each single change of the scenario; what a suspect speaks of goes as a whole."""
        data = self._case.document.data
        here = [item for item in self._case.suspects if has_change(data, item.change)]
        units: list[tuple[Keys, Suspect | None]] = [(item.change, item) for item in here]
        units += [
            (change, None)
            for change in single_changes(data)
            if not any(has_change(item.change, change) for item in here)
        ]
        for change, suspect in units:
            document = without_change(self._case.document, change)
            yield _Plan(kind=TrialKind.TAKEN_AWAY, change=change, document=document, suspect=suspect)

    def _out_of_the_lab(self) -> Iterator[_Plan]:
        """Take away each single thing of the directory, with what the scenario has of the same sort."""
        lab = self._base.lab
        data = load_yaml(lab)[0] if lab is not None else {}
        for item in lab_changes(data, self._base.device.name):
            alike = [suspect for suspect in self._case.suspects if suspect.kind == item.kind]
            document = self._case.document
            for suspect in alike:
                document = without_change(document, suspect.change)
            told = next((suspect for suspect in alike if suspect.because), None)
            yield _Plan(kind=TrialKind.TAKEN_AWAY, change=item.change, document=document, suspect=told, lab=item.mended)

    def _read(self, plan: _Plan, number: int) -> ScenariosRead:
        """Read a trial's scenario, with the names in it held against its lab."""
        read = _read(self._case, plan.document)
        if read.mistakes:
            return read
        scenarios = read.scenarios
        if plan.lab is not None:
            lab = write_lab(plan.lab, self._folder, number)
            scenarios = tuple(replace(item, lab=lab) for item in scenarios)
        return ScenariosRead(scenarios=scenarios, mistakes=mistakes_before_start(scenarios, self._provider))

    def _title(self, plan: _Plan) -> str:
        told = plan.suspect.sentence if plan.suspect is not None else words_of(plan.change)
        return f"{plan.kind}: {told}"

    def _job(self, plan: _Plan, scenario: Scenario) -> _TrialJob:
        return _TrialJob(scenario, self._provider, plan, self._keep)

    def _keep(self, plan: _Plan, record: ScenarioRecord) -> None:
        ended = record.join is not None and record.outcome in {Outcome.PASSED, Outcome.FAILED}
        match = match_of(self._symptom, record.join) if ended and record.join is not None else None
        self.records.append(record)
        self.trials.append(
            LabTrial(
                kind=plan.kind,
                change=plan.change,
                scenario=record.id,
                elapsed_s=record.elapsed_s,
                suspect=plan.suspect,
                match=match,
                trouble="" if ended else record.error,
            )
        )

    def _keep_untold(self, plan: _Plan, scenario: Scenario, mistakes: Iterable[Mistake]) -> None:
        why = f"cannot be tried here: {'; '.join(map(str, mistakes))}"
        self._keep(plan, replace(not_run(scenario), outcome=Outcome.SKIPPED, error=why))


@dataclass(frozen=True, slots=True)
class _TrialJob:
    """One trial; what the lab's doubles refuse of a change ends that trial alone, not the others."""

    scenario: Scenario
    provider: SiteProvider
    plan: _Plan
    keep: _Keeper

    @property
    def name(self) -> str:
        return self.scenario.title if self.plan.kind is not TrialKind.AS_WRITTEN else self.scenario.id

    @property
    def kind(self) -> JobKind:
        return JobKind.SCENARIO

    def carry_out(self) -> JobDone:
        try:
            done = self._inner().carry_out()
        except UsageError as refusal:
            if self.plan.kind is TrialKind.AS_WRITTEN:
                raise
            error = f"cannot be tried here: {refusal}"
            record = replace(not_run(self.scenario), outcome=Outcome.SKIPPED, error=error)
            self._told(record)
            return JobDone(outcome=record.outcome, note=record.error, record=record)
        # A trial asks and demands nothing: whatever came of it, it has answered.
        return replace(done, outcome=Outcome.PASSED) if done.outcome is Outcome.FAILED else done

    def broken_off(self) -> JobDone:
        return self._inner().broken_off()

    def _inner(self) -> ScenarioJob:
        return ScenarioJob(scenario=self.scenario, provider=self.provider, keep=self._told)

    def _told(self, record: ScenarioRecord) -> None:
        self.keep(self.plan, record)


def _sound(case: ReproducibleCase, provider: SiteProvider) -> Scenario:
    """Return the case's own scenario, or refuse it with all its mistakes."""
    read = _read(case, case.document)
    refuse(read.mistakes)
    refuse(mistakes_before_start(read.scenarios, provider))
    return read.scenarios[0]


def _read(case: ReproducibleCase, document: Document) -> ScenariosRead:
    variants = expand(document)
    if len(variants) > 1:
        problem = f"expected one scenario, found a matrix of {len(variants)}"
        raise UsageError(Mistake(place=document.positions.key(("matrix",)), problem=problem))
    return read_variant(variants[0], case.path, file=case.file)
