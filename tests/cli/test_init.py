"""`hybridjoin init`: whole files, each of which passes `check`; all or none; nothing written over unasked."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from jsonschema import Draft202012Validator

from hybridjoin.cli.files.starters import STARTERS, USUAL
from hybridjoin.cli.group import root
from hybridjoin.extras import COMPILED_WITH
from hybridjoin.lab.process.needs import PACKAGES
from hybridjoin.scenario.schema import json_schema
from hybridjoin.scenario.yaml.source import load_yaml
from tests.cli.conftest import Run

CI = ("github", "gitlab", "jenkins")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def files(folder: Path = Path()) -> set[str]:
    return {path.as_posix() for path in folder.rglob("*") if path.is_file()}


def test_it_says_what_it_wrote_and_what_to_type_next(run: Run) -> None:
    done = run("init")

    assert (done.code, done.err) == (0, "")
    written = {line.split()[1] for line in done.out.splitlines() if line.startswith("wrote ")}
    assert written == files()
    assert {item.target for kind in USUAL for item in STARTERS[kind]} <= written
    assert done.out.splitlines()[-2:] == ["next:   hybridjoin check", "        hybridjoin run scenarios"]
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize("kind", [kind for kind in STARTERS if kind not in CI])
def test_what_each_kind_writes_passes_check_and_its_schema(run: Run, kind: str) -> None:
    assert run("init", kind).code == 0

    checked = run("check")
    assert (checked.code, checked.err) == (0, ""), checked.out
    for starter in (item for item in STARTERS[kind] if item.schema):
        data, _ = load_yaml(Path(starter.target))
        assert list(Draft202012Validator(json_schema(starter.schema)).iter_errors(data)) == []  # type: ignore[arg-type]
        first = Path(starter.target).read_text("utf-8").partition("\n")[0]
        schema = first.removeprefix("# yaml-language-server: $schema=")
        assert (Path(starter.target).parent / schema).resolve() == Path(
            f"schemas/{starter.schema}.schema.json"
        ).resolve()
        assert Path(f"schemas/{starter.schema}.schema.json").is_file()


def test_a_site_says_what_is_still_to_be_put_in_its_place(run: Run) -> None:
    run("init", "site")

    notes = run("check").out
    assert "note: 'hybrid-test-01.keytab' is not here (a run needs it)" in notes
    assert "note: the identity provider's certificate is the placeholder that init wrote" in notes
    assert "found none at 'hybrid-test-01.keytab'" in run("join", "--site", "contoso.site.yaml").err


def test_scenarios_stand_in_the_lab_where_one_is_written_with_them(run: Run) -> None:
    run("init", "scenario")
    alone = Path("scenarios/good-join.scenario.yaml").read_text("utf-8")
    run("init", "scenario", "lab", "--into", "both")
    together = Path("both/scenarios/good-join.scenario.yaml").read_text("utf-8")

    assert "\n# lab: ../contoso.lab.yaml" in alone
    assert "\nlab: ../contoso.lab.yaml" in together


def test_nothing_is_written_over_unasked_and_nothing_half_written(run: Run) -> None:
    Path("contoso.lab.yaml").write_text("mine", "utf-8")

    refused = run("init")
    assert refused.code == 2
    assert "contoso.lab.yaml: is there already (--force writes over it)" in refused.err
    assert files() == {"contoso.lab.yaml"}

    assert run("init", "--force").code == 0
    assert Path("contoso.lab.yaml").read_text("utf-8") != "mine"


@pytest.mark.parametrize("obstacle", ["scenarios", "schemas"])
def test_where_one_file_cannot_be_written_none_is(run: Run, obstacle: str) -> None:
    Path(obstacle).write_text("a file where a folder is wanted", "utf-8")

    done = run("init", "--force")
    assert done.code == 2
    assert "cannot be written: " in done.err
    assert files() == {obstacle}
    assert [path.name for path in Path().iterdir()] == [obstacle]


def test_a_folder_in_a_files_place_is_no_fault_of_ours(run: Run) -> None:
    Path("Jenkinsfile").mkdir()

    done = run("init", "github", "jenkins", "--force")
    assert done.code == 2
    assert "Jenkinsfile: cannot be written" in done.err
    assert files() == set()


def test_a_kind_that_there_is_none_of_is_a_usage_error(run: Run) -> None:
    assert "'github'" in run("init", "gitub").err


def documents(run: Run) -> Iterator[tuple[str, str]]:
    assert run("init", *CI).code == 0
    for kind in CI:
        yield kind, Path(STARTERS[kind][0].target).read_text("utf-8")


def commands(text: str) -> list[list[str]]:
    """The hybridjoin command lines of a CI file, without what the shell does with them."""
    lines = re.findall(r"(?:^|[\s'\"])(hybridjoin (?!join\b)[a-z][^\n'>]*)", text)
    return [shlex.split(line)[1:] for line in lines]


def test_the_ci_files_run_commands_that_there_are(run: Run) -> None:
    for kind, text in documents(run):
        found = commands("\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("#", "//"))))
        assert [arguments[0] for arguments in found if arguments[0] in {"check", "run"}] == ["check", "run"], kind
        for name, *arguments in found:
            command = root.get_command(click.Context(root), name)
            assert command is not None, (kind, name)
            command.make_context(name, arguments)


def test_the_ci_files_install_what_the_lab_and_the_extras_need(run: Run) -> None:
    needed = {*PACKAGES.split(), *COMPILED_WITH.split()} - {"python3-dev"}  # the image brings Python with its headers
    for kind, text in documents(run):
        words = set(text.split())
        assert needed - words == set(), kind
        assert "'hybridjoin[all]'" in text


def test_the_github_workflow_is_one(run: Run) -> None:
    document: Any = yaml.safe_load(dict(documents(run))["github"])

    assert document.keys() == {"name", True, "permissions", "jobs"}  # YAML 1.1 reads `on` as a truth
    job = document["jobs"]["hybridjoin"]
    assert {"runs-on", "container", "steps"} <= job.keys()
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    assert all("@" in step["uses"] for step in job["steps"] if "uses" in step)


def test_the_gitlab_file_is_one(run: Run) -> None:
    document: Any = yaml.safe_load(dict(documents(run))["gitlab"])

    job = document["hybridjoin"]
    assert job.keys() <= {"image", "timeout", "variables", "before_script", "script", "artifacts"}
    assert all(isinstance(line, str) for line in (*job["before_script"], *job["script"]))
    assert job["artifacts"]["reports"].keys() == {"junit"}


def test_the_jenkinsfile_has_the_shape_of_a_declarative_pipeline(run: Run) -> None:
    text = dict(documents(run))["jenkins"]
    code = re.sub(r"//[^\n]*|'''.*?'''|'[^'\n]*'", "", text, flags=re.DOTALL)

    depth, opened = 0, []
    for word in re.findall(r"\w+(?:\([^)]*\))?\s*\{|\}", code):
        if word == "}":
            depth -= 1
        else:
            opened.append((depth, re.match(r"\w+", word)[0]))  # type: ignore[index]
            depth += 1
        assert depth >= 0
    assert depth == 0
    assert [name for level, name in opened if level == 0] == ["pipeline"]
    assert {name for level, name in opened if level == 1} == {"agent", "environment", "options", "stages", "post"}
    assert [name for level, name in opened if level == 2 and name == "stage"] == ["stage"] * 3


@pytest.mark.lab
def test_the_scenarios_run_in_the_lab(run: Run) -> None:
    run("init", "scenario", "lab")

    done = run("run", "--lab", "process")
    assert done.code == 0, done.err
    assert "All 4 scenarios came out as expected" in done.out
