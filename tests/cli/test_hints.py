"""Every command line that we print, in hints, remedies, causes and examples, is one that our own command line takes."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import hybridjoin
from hybridjoin.cli.group import COMMANDS, root
from hybridjoin.report.json_report import read_record
from hybridjoin.shipped import located
from tests.cli.conftest import Done, Run

PACKAGE = Path(hybridjoin.__file__).parent
# A command line in a sentence ends with its quotation mark; one on a line of its own ends with the line.
MENTION = re.compile(r"(?P<quote>[`'(]?)hybridjoin (?P<line>[a-z][^`\n]*)")
# Whatever comes behind it, a quotation mark or the end of a line where a text is written in pieces, but no module.
NAME = re.compile(r"hybridjoin(?![\w.])")
WORD = re.compile(r"[a-z-]+")
OPTION = re.compile(r"(?<!\S)(--[a-z][a-z-]*|-[a-z])\b")
ENDS = re.compile(r" [|>;&] | ?[;|] |\s>+\s|' finds")
LAB = ("--lab", "process")


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module but for docstrings, those of an f-string with `…` where a value comes."""
    written = path.read_text("utf-8")
    if NAME.search(written) is None:
        return
    nodes = list(ast.walk(ast.parse(written)))
    documents = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
            yield node.lineno, "".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents | inside:
            yield node.lineno, node.value


def mentions() -> list[tuple[str, str, bool]]:
    """Return place, command line, and whether it stands alone on its line, as examples do."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for line, text in literals(path):
            for match in MENTION.finditer(text):
                command = match["line"]
                if WORD.match(command)[0] in COMMANDS:  # type: ignore[index] # the pattern begins with a letter
                    alone = not match["quote"] and "Example" in text
                    found.append((f"{path.relative_to(PACKAGE)}:{line}", command, alone))
    return found


MENTIONS = mentions()
EXAMPLES = sorted({(place, line) for place, line, alone in MENTIONS if alone})


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """Find the command, or the subcommand of a group, and what is left for it."""
    command = root.get_command(click.Context(root), words[0])
    assert command is not None
    if isinstance(command, click.Group) and len(words) > 1 and words[1] in command.commands:
        return command.commands[words[1]], words[2:]
    return command, words[1:]


def known_options(command: click.Command) -> set[str]:
    return {name for item in command.params for name in (*item.opts, *item.secondary_opts)} | {"--help"}


def test_there_are_command_lines_to_look_at() -> None:
    assert len(MENTIONS) > 60
    assert len(EXAMPLES) > 30


@pytest.mark.parametrize(("place", "line"), sorted({(place, line) for place, line, _ in MENTIONS}))
def test_every_option_that_is_printed_is_one_of_the_command(place: str, line: str) -> None:
    plain = ENDS.split(line)[0]
    command, _ = command_of(plain.replace(".", " ").replace(",", " ").split())

    assert set(OPTION.findall(plain)) <= known_options(command), place


@pytest.mark.parametrize(("place", "line"), EXAMPLES)
def test_every_example_is_taken_as_it_stands(place: str, line: str) -> None:
    words = shlex.split(ENDS.split(line)[0].rstrip(')"'))
    command, arguments = command_of(words)

    context = command.make_context(words[0], arguments)

    assert context.params is not None, place


@pytest.mark.parametrize("name", ["shipped:claims", "shipped:demo/2-wrong-namespace.scenario.yaml", "shipped:"])
def test_a_shipped_scenario_has_a_name_in_every_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)

    done = run("run", name, "--list")

    assert done.code == 0, done.err
    assert done.out.splitlines()
    assert located(Path(name)).exists()


def test_where_there_are_no_scenarios_those_that_come_along_are_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = run("run")

    assert done.code == 2
    assert "scenarios: expected a scenario file or a folder, found nothing there (`shipped:` names" in done.err


def test_a_join_by_a_folder_of_scenarios_chooses_one(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    several = run("join", "--scenario", "shipped:claims")
    none = run("join", "--scenario", "shipped:claims", "-k", "nothing-like-it")
    alone = run("join", "-k", "claims")

    assert (several.code, none.code, alone.code) == (2, 2, 2)
    assert "expected one scenario, found" in several.err
    assert "more (-k WORD says which)" in several.err
    assert "it names none" in none.err
    assert "name it with --scenario" in alone.err


def next_lines(text: str) -> list[list[str]]:
    """Return the command lines behind `next:`."""
    before, title, rest = text.partition("next:")
    assert title, f"no next step in {before}"
    return [shlex.split(line)[1:] for line in rest.splitlines() if line.strip()]


@pytest.mark.lab
def test_every_next_step_runs_as_it_is_printed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HYBRIDJOIN_LAB", "process")

    demo = run("demo")
    assert "shipped:demo/1-joins.scenario.yaml" in demo.out
    lines = next_lines(demo.out)
    done = {" ".join(line): run(*line) for line in lines}

    assert [line[0] for line in lines] == ["explain", "join", "status", "run"]
    assert {line: item.code for line, item in done.items() if item.code} == {}, done


@pytest.mark.lab
def test_after_a_failure_the_next_step_explains_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HYBRIDJOIN_LAB", "process")
    (tmp_path / "wrong.scenario.yaml").write_text(
        "id: wrong\ntitle: It is not mapped\nidp: {claims: {accounttype: drop}}\nexpect: {join: federated}\n"
    )

    joined = run("join", "--scenario", "shipped:claims", "-k", "missing and accounttype and adfs")
    ran = run("run", "wrong.scenario.yaml")
    certified = run("certify", "--fault", "primarysid-lower-case", "--only", "CLAIM-*")

    assert (joined.code, ran.code, certified.code) == (0, 1, 1), (joined.err, ran.err, certified.err)
    told = [explained(run, joined.err), explained(run, ran.out), explained(run, certified.out)]
    assert [item.code for item in told] == [0, 0, 0], told
    names = ("AADSTS51004", "AADSTS51004", "CLAIM-06")
    assert [name for name, item in zip(names, told, strict=True) if name not in item.out] == []
    assert read_record(tmp_path / "reports" / "latest").certification is not None


def explained(run: Run, text: str) -> Done:
    """Run the one next step, which explains something."""
    (line,) = next_lines(text)
    assert line[0] == "explain"
    return run(*line)
