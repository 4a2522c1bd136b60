"""What `hybridjoin mutate` does once its arguments are understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import click
from rich.table import Table
from rich.text import Text

from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.output import say_json
from hybridjoin.device.join.run import join_site
from hybridjoin.model.mutation import Fate, MutationMatrix, MutationRow
from hybridjoin.model.shown import shown
from hybridjoin.mutations import OPERATORS, Operator, select
from hybridjoin.mutations import pairs as draw_pairs
from hybridjoin.report.documents.mutations import catchers, matrix_json, prediction, remark, summary, write_matrix
from hybridjoin.report.fitting import Fitting, ListRow, TableShape
from hybridjoin.report.terminal import console, put, put_listing
from hybridjoin.run.mutations.mutate import Baseline, missed, run_mutations
from hybridjoin.run.mutations.source import baseline_of_file, baseline_of_join
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.load import load_lab_file

_CATCHERS_WIDTH, _REMARK_WIDTH, _GAP = 26, 24, 2
_ENTRA_WIDTH = len("AADSTS5000811 documented")
Mutations = Sequence[tuple[Operator, ...]]
_MARKS = {
    Fate.CAUGHT: ("✓", "green"),
    Fate.MISSED: ("✕", "bold red"),
    Fate.ALARM: ("!", "yellow"),
    Fate.HARMLESS: ("~", "dim"),
    Fate.NOT_APPLICABLE: ("-", "dim"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionSource:
    """Where the good assertion is taken from: a file with its key, or a join in a lab."""

    backend: str | None
    profile: str
    device: str | None
    file: Path | None
    key: Path | None
    certificate: Path | None

    @classmethod
    def of(
        cls,
        *,
        backend: str | None,
        profile: str | None,
        device: str | None,
        file: Path | None,
        key: Path | None,
        certificate: Path | None,
    ) -> Self:
        """Refuse what contradicts itself."""
        if file is None and (key or certificate):
            raise mistake("--key/--cert", "expected --assertion with it, found none", "a lab signs with its own key")
        if file is not None and not (key and certificate):
            raise mistake("--assertion", "expected --key and --cert with it", "each mutant has to be signed again")
        if file is not None and (backend or profile or device):
            raise mistake("--assertion", "expected no lab beside it, found --lab, --idp-profile or --device")
        return cls(
            backend=backend,
            profile=profile or "pingone",
            device=device,
            file=file,
            key=key,
            certificate=certificate,
        )

    def baseline(self) -> Baseline:
        """Return the good assertion."""
        if self.file is not None and self.key is not None and self.certificate is not None:
            return baseline_of_file(self.file, key=self.key, certificate=self.certificate)
        return self._join()

    def _join(self) -> Baseline:
        """Join once in a lab whose identity provider has no fault."""
        from hybridjoin.lab.lab import open_lab  # an assertion of a file needs no lab

        lab_file = load_lab_file(default_lab_path())
        device = self.device or lab_file.everyday_device.name
        with open_lab(lab_file, self.backend) as lab:
            with lab.site(idp={"profile": self.profile}) as site:
                run = join_site(site, device)
            if run.evidence is None:
                raise LookupError("a join without an interruption has no evidence")
            signing = lab.signing_key
            return baseline_of_join(
                run.evidence,
                source=f"{device} by {self.profile}",
                key=signing.private_key,
                certificate=signing.certificate,
            )


def choose(only: str, *, pairs: int, seed: int) -> Mutations:
    """Return the single mutations that fit, and so many pairs of them; raise UsageError where none fits."""
    chosen = select(only)
    if not chosen:
        problem = f"expected to name some of {len(OPERATORS)} mutations, found that it names none"
        raise mistake(f"--only {only!r}", problem, "try --list")
    return (*((item,) for item in chosen), *draw_pairs(chosen, count=pairs, seed=seed))


def show_list(mutations: Mutations, *, as_json: bool) -> None:
    """Print the mutations without putting them into anything."""
    rows = [
        {
            "id": " + ".join(item.id for item in operators),
            "area": " + ".join(item.area.value for item in operators),
            "sentence": " ".join(item.sentence for item in operators),
            "meant_for": sorted({wanted for item in operators for wanted in item.catches}),
            "harmless": next((item.harmless for item in operators if item.harmless), ""),
        }
        for operators in mutations
    ]
    if as_json:
        say_json({"mutations": rows}, indent=1)
        return
    put_listing(console(), (ListRow(name=str(row["id"]), sentence=str(row["sentence"])) for row in rows))


def carry_out(
    source: AssertionSource, mutations: Mutations, *, seed: int, as_json: bool, report: Path | None
) -> ExitCode:
    """Mutate, show, write; return the exit code."""
    matrix = run_mutations(source.baseline(), mutations, seed=seed)
    if as_json:
        click.echo(matrix_json(matrix), nl=False)
    else:
        screen = console()
        told = shown(matrix)
        put(screen, _table(told), Text(f"{summary(told)}; {told.elapsed_s:.1f} s"))
    if report is not None:
        _, paper = write_matrix(matrix, report)
        click.echo(f"report: {paper}", err=as_json)
    return ExitCode.PEER_FAILED if missed(matrix) else ExitCode.AS_EXPECTED


def _table(matrix: MutationMatrix) -> Fitting:
    """Lay the mutations out: one line each, where only the remark is cut; else what came of each below its name."""
    rows = [
        (Text(_MARKS[row.fate][0], _MARKS[row.fate][1]), row.id, _caught(row), prediction(row), remark(row))
        for row in matrix.rows
    ]
    widths = (1, max((len(row.id) for row in matrix.rows), default=0), _CATCHERS_WIDTH, _ENTRA_WIDTH)
    wide = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0))
    for title, width in zip(("", "mutation", "caught by", "Entra"), widths, strict=True):
        wide.add_column(title, width=width, overflow="fold")
    wide.add_column("named mistake, or why not")
    narrow = Table.grid(padding=(0, _GAP, 0, 0))
    narrow.add_column(no_wrap=True)
    narrow.add_column(overflow="fold")
    for mark, name, who, entra, words in rows:
        wide.add_row(mark, name, who, entra, Text(words, no_wrap=True, overflow="ellipsis"))
        told = Text(" · ", style="dim").join(part for part in (who, Text(entra), Text(words, style="dim")) if part)
        narrow.add_row(mark, Text.assemble(name, "\n", told))
    return Fitting((TableShape(drawn=wide, least=sum(widths) + _REMARK_WIDTH + 4 * _GAP), TableShape(drawn=narrow)))


def _caught(row: MutationRow) -> Text:
    return Text(catchers(row) or ("nobody" if row.nobody else ""), style=_MARKS[row.fate][1])
