"""Two runs of one place: what is new, what was mended, what changed. Only what an IdP can be held to is compared.

Times, ports, identifiers and the values of one device differ between any two runs, so values are compared by their
shape: `base64 of 16 bytes` is the same whichever computer it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.model.record import JoinRecord, RunRecord, ScenarioRecord
from hybridjoin.model.verdict import BROKEN, LOUDEST_FIRST, ClaimRow, Outcome
from hybridjoin.report.compare.answers import (
    ABSENT,
    ComparedAnswer,
    certified_answers,
    have_moved,
    join_answers,
    only_asked,
    same,
    told_answer,
)
from hybridjoin.report.compare.stable import shape, steady
from hybridjoin.report.loudest import foreseen


class ChangeKind(StrEnum):
    """What became of something from the first run to the second."""

    NEW = "new"
    FIXED = "fixed"
    CHANGED = "changed"


class Topic(StrEnum):
    """What is spoken of."""

    REQUIREMENT = "requirement"
    SCENARIO = "scenario"
    JOIN = "join"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference; `scenarios` are those it was seen in, where it is not the run's as a whole.

    `worse` says that trouble came or grew: every new one, a warning that became a failure, a join that nobody meant
    to end so.
    """

    topic: Topic
    kind: ChangeKind
    name: str
    before: str
    after: str
    note: str = ""
    scenarios: tuple[str, ...] = ()
    worse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRun:
    """One of the two runs, as it is introduced."""

    run_id: str
    tool: str
    site: str
    profile: str
    started_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs side by side."""

    before: ComparedRun
    after: ComparedRun
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()

    def count(self, kind: ChangeKind) -> int:
        """Count the changes of one kind."""
        return sum(item.kind is kind for item in self.changes)


def compare(before: RunRecord, after: RunRecord, *, across: bool = False) -> Comparison:
    """Compare two runs.

    Raises:
        UsageError: they are of different places or profiles and `across` does not allow it.
    """
    one, two = _side(before), _side(after)
    unlike = [
        f"the {what} differs: {left or 'none'} and {right or 'none'}"
        for what, left, right in (("site", one.site, two.site), ("profile", one.profile, two.profile))
        if left != right
    ]
    if unlike and not across:
        hint = "--across compares them all the same"
        raise UsageError(*(Mistake(place="these runs cannot be compared", problem=item, hint=hint) for item in unlike))
    shared = _shared(before, after)
    changes = (
        *_requirements(before, after, shared),
        *_scenarios(before, after),
        *_joins(shared),
        *_claims(shared),
    )
    return Comparison(before=one, after=two, changes=changes, notes=(*unlike, *_cautions(before, after)))


def _side(record: RunRecord) -> ComparedRun:
    return ComparedRun(
        run_id=record.run_id,
        tool=record.tool,
        site=record.site,
        profile=record.certification.profile if record.certification else "",
        started_at=record.started_at.isoformat(timespec="seconds"),
    )


def _cautions(before: RunRecord, after: RunRecord) -> Iterator[str]:
    for name, record in (("first", before), ("second", after)):
        if record.interrupted:
            yield f"the {name} run was interrupted: {record.interrupted}"
    if before.tool != after.tool:
        yield f"written by different versions: {before.tool} and {after.tool}"


def _shared(before: RunRecord, after: RunRecord) -> tuple[tuple[ScenarioRecord, ScenarioRecord], ...]:
    later = {item.id: item for item in after.scenarios}
    return tuple((item, later[item.id]) for item in before.scenarios if item.id in later)


def _requirements(
    before: RunRecord, after: RunRecord, shared: Iterable[tuple[ScenarioRecord, ScenarioRecord]]
) -> Iterator[Change]:
    """Yield what the certifications say first, then what moved in single joins only."""
    moved = _moved(shared)
    one, two = certified_answers(before), certified_answers(after)
    told = set()
    for name in (*one, *(item for item in two if item not in one)):
        left, right = one.get(name), two.get(name)
        if not same(left, right):
            told.add(name)
            places = dict.fromkeys(scenario for key, rows in moved.items() if key[1] == name for scenario in rows)
            yield _change(name, left, right, tuple(places))
    for (left, name, right), scenarios in moved.items():
        if name not in told:
            yield _change(name, left, right, tuple(scenarios))


def _change(name: str, left: ComparedAnswer | None, right: ComparedAnswer | None, scenarios: tuple[str, ...]) -> Change:
    moved = have_moved(left, right)
    return Change(
        topic=Topic.REQUIREMENT,
        kind=_kind(_outcome(left), _outcome(right)),
        worse=is_worse(_outcome(left), _outcome(right)),
        name=name,
        before=told_answer(left, place=moved),
        after=told_answer(right, place=moved),
        note=right.sentence if right else left.sentence if left else "",
        scenarios=scenarios,
    )


def _moved(
    shared: Iterable[tuple[ScenarioRecord, ScenarioRecord]],
) -> dict[tuple[ComparedAnswer | None, str, ComparedAnswer | None], list[str]]:
    """Return each move of a verdict, as it was first seen, with the scenarios it was seen in."""
    first: dict[tuple[str, str, str], tuple[ComparedAnswer | None, str, ComparedAnswer | None]] = {}
    moves: dict[tuple[ComparedAnswer | None, str, ComparedAnswer | None], list[str]] = {}
    for left, right in shared:
        if left.join is None or right.join is None:
            continue
        was, now = join_answers(left.join), join_answers(right.join)
        for name in sorted({*was, *now}):
            one, two = was.get(name), now.get(name)
            if not same(one, two) and not only_asked(one, two):
                alike = (name, steady(told_answer(one, place=False)), steady(told_answer(two, place=False)))
                moves.setdefault(first.setdefault(alike, (one, name, two)), []).append(left.id)
    return dict(sorted(moves.items(), key=lambda item: item[0][1]))


def _kind(left: Outcome | None, right: Outcome | None) -> ChangeKind:
    """Say what became of it: new trouble, trouble mended, or neither."""
    if right in BROKEN and left not in {*BROKEN, Outcome.INTERRUPTED}:
        return ChangeKind.NEW
    if left in BROKEN and right is Outcome.PASSED:
        return ChangeKind.FIXED
    return ChangeKind.CHANGED


def is_worse(left: Outcome | None, right: Outcome | None) -> bool:
    """Tell whether there is trouble, or doubt, that is louder than what was there before."""
    if right not in {*BROKEN, Outcome.INTERRUPTED}:
        return False
    return left is None or LOUDEST_FIRST.index(right) < LOUDEST_FIRST.index(left)


def _outcome(item: ComparedAnswer | ScenarioRecord | ClaimRow | None) -> Outcome | None:
    return item.outcome if item else None


def _scenarios(before: RunRecord, after: RunRecord) -> Iterator[Change]:
    one = {item.id: item for item in before.scenarios}
    two = {item.id: item for item in after.scenarios}
    for name in (*one, *(item for item in two if item not in one)):
        left, right = one.get(name), two.get(name)
        was, now = _outcome(left), _outcome(right)
        if was is not now:
            title = right.title if right else left.title if left else ""
            yield Change(
                topic=Topic.SCENARIO,
                kind=_kind(was, now),
                worse=is_worse(was, now),
                name=name,
                before=was or ABSENT,
                after=now or ABSENT,
                note=title,
            )


def _joins(shared: Iterable[tuple[ScenarioRecord, ScenarioRecord]]) -> Iterator[Change]:
    for left, right in shared:
        was, now = _ended(left.join), _ended(right.join)
        if was != now:
            worse = _ends_worse(left, right)
            yield Change(topic=Topic.JOIN, kind=ChangeKind.CHANGED, worse=worse, name=left.id, before=was, after=now)


def _ends_worse(left: ScenarioRecord, right: ScenarioRecord) -> bool:
    """Tell whether a join comes to less than it did, and no scenario wants it to."""
    if left.join is None or foreseen(right):
        return False
    results = [result for result, _ in left.join.flow.results]
    reached = results.index(right.join.result) if right.join is not None else len(results)
    return reached > results.index(left.join.result)


def _ended(join: JoinRecord | None) -> str:
    """Say how a join ended: its result, and where and with which codes it failed."""
    if join is None:
        return ABSENT
    if join.failure is None:
        return str(join.result)
    codes = ", ".join(code.code for code in join.failure.codes)
    return f"{join.result} ({join.failure.phase} phase, {join.failure.step}{': ' + codes if codes else ''})"


def _claims(shared: Iterable[tuple[ScenarioRecord, ScenarioRecord]]) -> Iterator[Change]:
    """Yield each change of a claim once, with the scenarios it was seen in."""
    seen: dict[tuple[ChangeKind, bool, str, str, str], list[str]] = {}
    for left, right in shared:
        was, now = _rows(left.join), _rows(right.join)
        for name in dict.fromkeys((*was, *now)):
            one, two = was.get(name), now.get(name)
            before, after = _claim(one), _claim(two)
            if before != after:
                kind, worse = _kind(_outcome(one), _outcome(two)), is_worse(_outcome(one), _outcome(two))
                seen.setdefault((kind, worse, name, before, after), []).append(left.id)
    for (kind, worse, name, before, after), scenarios in seen.items():
        yield Change(
            topic=Topic.CLAIM,
            kind=kind,
            worse=worse,
            name=name,
            before=before,
            after=after,
            scenarios=tuple(scenarios),
        )


def _rows(join: JoinRecord | None) -> dict[str, ClaimRow]:
    return {row.name: row for row in (join.claims if join else ())}


def _claim(row: ClaimRow | None) -> str:
    """Describe a claim as it came: its values' shapes and its namespace."""
    if row is None or not row.found:
        return ABSENT
    where = f" in {row.found_namespace}" if row.found_namespace else ""
    mistake = f" ({steady(row.mistake)})" if row.mistake else ""
    return f"{row.outcome}, {' and '.join(map(shape, row.found))}{where}{mistake}"
