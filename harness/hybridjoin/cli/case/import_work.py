"""What `hybridjoin import` does once its arguments are understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from typing import Final

from hybridjoin.cli.case.anonymised_case import anonymised_case
from hybridjoin.cli.case.case_folder import refuse_foreign, write_case
from hybridjoin.cli.case.derived_files import NAMES, DerivedFiles, derived_files
from hybridjoin.cli.case.derived_screen import derived_json, show_derived
from hybridjoin.cli.case.import_screen import case_json, show
from hybridjoin.cli.case.judged_parts import judged_parts
from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.next_steps import tell_next
from hybridjoin.cli.output import say, say_json
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import open_given
from hybridjoin.intake.case.build import case_of
from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.files.reading import EvidenceReading
from hybridjoin.knowledge.lookup import find
from hybridjoin.report.formats.catalogue import FORMATS, RECORD
from hybridjoin.report.terminal import console
from hybridjoin.scenario.case.case_file import FILE_NAME
from hybridjoin.scenario.case.site_of_case import SITE_NAME

LIMIT_FILES: Final = 20_000
LIMIT_PIPE: Final = 64 * 1024 * 1024
_EXPLAINED: Final = 2
_PICTURES: Final = frozenset(form.file_name for form in FORMATS) - {RECORD.file_name}
_OURS: Final = b'"hybridjoin-record/'
_HEAD: Final = 256


def carry_out(paths: tuple[Path, ...], output: Path | None, *, as_json: bool, anonymise: bool = False) -> ExitCode:
    """Read, conclude, print and write; return the exit code.

    Raises:
        UsageError: a path is not there, or the folder to write into is not ours; nothing was written.
        NameWouldLeave: a real name would have left in an anonymised case; nothing was written or shown.
    """
    if output is not None:
        refuse_foreign(output)
    reading = EvidenceReading()
    for path, name, named in _files(paths, output):
        _read(reading, path, name, named=named)
    case = case_of(reading)
    if not case.facts:
        raise UsageError(*(case.mistakes or _nothing(case)))
    if anonymise:
        case = anonymised_case(case)
    judged, derived = tuple(judged_parts(case)), derived_files(case)
    kept = write_case(case, derived, output) if output is not None else frozenset()
    written = [name for name in (FILE_NAME, *NAMES) if output is not None and name in {FILE_NAME, *derived.bodies}]
    if as_json:
        say_json({**case_json(case, judged), **derived_json(case.symptom, derived, written, kept)})
    else:
        show(console(), case, judged)
        show_derived(console(), case.symptom, derived)
        _tell(case, derived, output, written, kept)
    trouble = (*case.mistakes, *_mixed(case))
    for item in trouble:
        say(f"hybridjoin: {item}", err=True)
    return ExitCode.USAGE if trouble else ExitCode.AS_EXPECTED


def _tell(
    case: CustomerCase, derived: DerivedFiles, output: Path | None, written: Iterable[str], kept: Set[str]
) -> None:
    """Say what was written and what was kept, what has still to be put in, and what to type next."""
    if output is not None:
        for name in written:
            stays = "  (edited since; delete it to have it anew)" if name in kept else ""
            say(f"{'kept' if stays else 'wrote':<8}{output / name}{stays}")
        for words in derived.to_fill_in:
            say(f"        to be put in: {words}")
        if derived.no_site:
            say(f"no {SITE_NAME}: it takes {', '.join(derived.no_site)}")
    tell_next(*_reproduce(derived, output), *_next(case))


def _reproduce(derived: DerivedFiles, output: Path | None) -> Iterator[tuple[str, ...]]:
    """Name the command that makes it happen, where there is something to try."""
    if output is not None and derived.suspects:
        yield "reproduce", str(output)


def _next(case: CustomerCase) -> Iterator[tuple[str, ...]]:
    """Name what explains the code nearest to each failure."""
    codes = (code for item in case.conclusions if item.question == "codes" for code in item.answer.split(", "))
    known = dict.fromkeys(code for code in codes if find(code) is not None)
    for code in list(known)[:_EXPLAINED]:
        yield "explain", code


def _files(paths: tuple[Path, ...], output: Path | None) -> Iterator[tuple[Path, str, bool]]:
    """Yield the files to read, how they are called, and whether the command line named them; folders are searched."""
    out = output.absolute() if output is not None else None
    for path in paths:
        if not path.is_dir():
            yield path, path.name, True
            continue
        found = (
            item for item in sorted(path.rglob("*")) if item.is_file() and not item.is_symlink() and not _drawn(item)
        )
        for number, item in enumerate(found):
            if number >= LIMIT_FILES:
                raise mistake(str(path), f"expected at most {LIMIT_FILES} files, found more")
            if out is None or not item.absolute().is_relative_to(out):
                yield item, item.relative_to(path).as_posix(), False


def _drawn(item: Path) -> bool:
    """Tell whether a file is a picture that a report of ours has beside its record, which says all that it shows."""
    if item.name not in _PICTURES:
        return False
    try:
        with (item.parent / RECORD.file_name).open("rb") as record:
            return _OURS in record.read(_HEAD)
    except OSError:
        return False


def _read(reading: EvidenceReading, path: Path, name: str, *, named: bool) -> None:
    try:
        with open_given(path, limit_bytes=LIMIT_PIPE) as file:
            sent = reading.read(name, file)
    except OSError as error:
        raise mistake(str(path), f"cannot be read: {error.strerror}") from error
    if named and not sent.formats and not any(item.place.startswith(name) for item in reading.mistakes):
        reading.mistakes.append(Mistake(place=str(path), problem=f"expected evidence of a join, found {sent.note}"))


def _nothing(case: CustomerCase) -> tuple[Mistake, ...]:
    """Say of each file why it told nothing."""
    words = "expected evidence of a join, found"
    told = tuple(Mistake(place=item.name, problem=f"{words} {item.note or 'no fact in it'}") for item in case.files)
    return told or (Mistake(place="PATH", problem=f"{words} no file"),)


def _mixed(case: CustomerCase) -> Iterator[Mistake]:
    """Tell where two customers' files seem to be mixed, both sides with their lines."""
    for item in case.contradictions:
        if item.mixed:
            sides = " and ".join(f"{fact.value} ({fact.place})" for fact in item.facts)
            problem = f"expected one {item.key}, found {sides}"
            yield Mistake(place=item.facts[0].place, problem=problem, hint="are two customers' files mixed?")
