"""What `hybridjoin replay` does once its arguments are understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from hybridjoin.bundle.load import load_run
from hybridjoin.bundle.recognise import looks_like_package, read_package
from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.output import say, say_json
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import is_folder
from hybridjoin.report.compare.replayed import JudgedOtherwise, judged_otherwise
from hybridjoin.report.json_report import FILE_NAME
from hybridjoin.run.replay.flows import NotJudged, Replay
from hybridjoin.run.replay.runs import replay

FORMAT: Final = "hybridjoin-replay/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedRecord:
    """One record, judged again, and what came out otherwise."""

    place: Path
    done: Replay
    differences: tuple[JudgedOtherwise, ...]

    @property
    def beyond(self) -> tuple[NotJudged, ...]:
        """What this version asks and the record does not hold: a difference as well."""
        return tuple(one for one in self.done.not_judged if not one.of_first_version)


def carry_out(records: Iterable[Path], *, as_json: bool) -> ExitCode:
    """Judge every record again and print what was found; return the exit code.

    Raises:
        UsageError: something is no record; every such place is named, and nothing is printed.
    """
    places, mistakes = _places(records)
    runs = []
    for place in places:
        try:
            runs.append((place, load_run(place)))
        except UsageError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise UsageError(*mistakes)
    told: list[ReplayedRecord] = []
    for place, run in runs:
        done = replay(run)
        told.append(ReplayedRecord(place=place, done=done, differences=judged_otherwise(done.before, done.after)))
        if not as_json:
            _tell(told[-1])
    if as_json:
        say_json({"format": FORMAT, "records": [_json(item) for item in told]})
    return _exit_code(told)


def _exit_code(told: Iterable[ReplayedRecord]) -> ExitCode:
    told = tuple(told)
    if any(item.differences or item.beyond for item in told):
        return ExitCode.DIFFERENT
    return ExitCode.AS_EXPECTED if any(item.done.judged for item in told) else ExitCode.USAGE


def _places(records: Iterable[Path]) -> tuple[list[Path], list[Mistake]]:
    """Return the records that are meant, each once, and what is wrong with the rest."""
    found: dict[Path, Path] = {}
    mistakes = []
    for path in records:
        inside = [path] if not is_folder(path) or (path / FILE_NAME).is_file() else sorted(_records_in(path))
        if not inside:
            problem, hint = "expected a record, found a folder without one", "a run writes reports/<time>/record.json"
            mistakes.append(Mistake(place=str(path), problem=problem, hint=hint))
        for item in inside:
            found.setdefault(item.resolve(), item)
    return list(found.values()), mistakes


def _records_in(folder: Path) -> Iterator[Path]:
    yield from folder.rglob(FILE_NAME)
    yield from (path for path in folder.rglob("*.zip") if looks_like_package(read_package(path)))


def _tell(item: ReplayedRecord) -> None:
    done = item.done
    count = len(done.judged)
    what = f"{count} {'flow or probe' if count == 1 else 'flows and probes'} judged again"
    if not count:
        say(f"! {item.place}: nothing could be judged again")
    elif item.differences or item.beyond:
        many = len(item.differences) + len(item.beyond)
        say(f"✕ {item.place}: {what}, {many} {'difference' if many == 1 else 'differences'}")
    else:
        say(f"✓ {item.place}: {what}, the same")
    for one in item.differences:
        say(f"  {f'{one.scenario}: ' if one.scenario else ''}{one.what}")
        say(f"    then {one.before}")
        say(f"    now  {one.after}")
    for reason, names in _by_reason(item).items():
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        say(f"  not judged again: {shown}: {reason}")


def _by_reason(item: ReplayedRecord) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in item.done.not_judged:
        found.setdefault(one.reason, []).append(one.name)
    return found


def _json(item: ReplayedRecord) -> dict[str, Any]:
    before = item.done.before
    return {
        "place": str(item.place),
        "run_id": before.run_id,
        "tool": before.tool,
        "judged": item.done.judged,
        "not_judged": [asdict(one) for one in item.done.not_judged],
        "differences": [asdict(one) for one in item.differences],
    }
