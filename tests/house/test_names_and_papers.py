"""One word a thing, one style of docstring, and papers that say what is there."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.house import HARNESS, ambiguous_names
from hybridjoin import api
from hybridjoin.cli.group import COMMANDS
from hybridjoin.plugin.options import OPTIONS, ini_key
from tests.house.trees import package

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors"
PAPERS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")


def test_a_class_name_means_one_thing_outside_the_doubles() -> None:
    assert ambiguous_names(package()) == {}


def public_functions(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the public functions of a module and of its public classes."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield f"{prefix}{node.name}", node


def raised_by(function: ast.FunctionDef) -> set[str]:
    """The classes that a function raises itself; what an inner function raises is that one's own."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.Raise) and node.exc is not None:
            cause = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            found.add(ast.unparse(cause).rpartition(".")[2])
        waiting.extend(ast.iter_child_nodes(node))
    return {name for name in found if name[:1].isupper()}


def unnamed_errors() -> dict[str, set[str]]:
    """The errors that a public function raises itself and does not name below `Raises:`.

    A check's docstring is the requirement's sentence, and a command's is its help: they are no place for it.
    """
    missing: dict[str, set[str]] = {}
    for module in package():
        name = module.path.relative_to(HARNESS).as_posix()
        if name.startswith("checks/rules/"):
            continue
        for function, node in public_functions(module.tree.body):
            told = (ast.get_docstring(node) or "").partition("Raises:")[2]
            left = {error for error in raised_by(node) if f"{error}:" not in told}
            if left and not function.endswith("_command"):
                missing[f"{name}:{function}"] = left
    return missing


def test_a_docstring_names_what_the_function_raises() -> None:
    assert unnamed_errors() == {}


def links(paper: Path) -> list[str]:
    """The relative links of a Markdown file, without their anchors."""
    found = re.findall(r"\]\(([^)#\s]+)[^)]*\)", paper.read_text("utf-8"))
    return [link for link in found if "://" not in link]


@pytest.mark.parametrize(
    "paper",
    [
        *PAPERS,
        "docs/protocol.md",
        "docs/python.md",
        "docs/strangers.md",
        "docs/recipes/fault.md",
        "docs/recipes/peer.md",
    ],
)
def test_every_link_of_a_paper_leads_somewhere(paper: str) -> None:
    path = ROOT / paper

    assert [link for link in links(path) if not (path.parent / link).exists()] == []


def test_what_an_index_page_shows_leads_nowhere_into_the_checkout_and_names_commands_that_there_are() -> None:
    shown = ROOT / tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["readme"]
    text = shown.read_text("utf-8")
    named = set(re.findall(r"^hybridjoin ([a-z-]+)", text, flags=re.MULTILINE))

    assert links(shown) == []
    assert ".venv/" not in text
    assert len(named) > 5
    assert named - set(COMMANDS) == set()
    papers = re.findall(r"`([\w/]+\.md)`", text)
    assert [paper for paper in papers if not (ROOT / paper).is_file()] == []


@pytest.mark.parametrize("paper", ["README.md", "ARCHITECTURE.md"])
def test_the_floors_on_paper_are_the_floors_of_the_linter(paper: str) -> None:
    rooms = {path.name for path in HARNESS.iterdir() if (path / "__init__.py").is_file()} | {"errors", "shipped", "api"}
    floors = (ROOT / paper).read_text("utf-8").partition("```text\n")[2].partition("```")[0]

    assert {room for room in rooms if not re.search(rf"\b{room}\b", floors)} == set()


def test_the_python_paper_names_everything_that_is_public() -> None:
    text = (ROOT / "docs" / "python.md").read_text("utf-8")
    functions = {name for name in api.__all__ if name[0].islower()}

    assert {name for name in functions if f"`{name}(" not in text} == set()


def test_the_scenario_paper_names_every_option_of_the_plugin() -> None:
    text = (ROOT / "scenarios" / "README.md").read_text("utf-8")

    assert {option for option, _, _ in OPTIONS if option not in text} == set()
    assert ini_key(OPTIONS[0][0]) in text


def test_contributing_names_every_lane() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")

    assert {lane for lane in ("check", "test", "coverage", "scenarios", "lock") if f"make {lane}" not in text} == set()


def test_contributing_names_every_mark() -> None:
    marks = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["markers"]
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")

    assert marks
    assert [name for name in (mark.partition(":")[0] for mark in marks) if f"`{name}`" not in text] == []


def test_no_test_falls_out_of_make_test() -> None:
    asked = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "test"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    (line,) = (line for line in asked.stdout.splitlines() if "pytest tests" in line)
    assert not re.search(r" -(m|k)\b| --(ignore|deselect)\b", line.partition("pytest")[2])


def test_every_vector_has_its_provenance() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "tests/vectors"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    kept = {name.removeprefix("tests/vectors/") for name in tracked} - {"README.md"}
    listed = set(re.findall(r"^\| `([^`]+)` \|", (VECTORS / "README.md").read_text("utf-8"), flags=re.MULTILINE))

    assert kept ^ listed == set()


def test_captured_documents_stand_with_the_vectors() -> None:
    endings = {".xml", ".json", ".pem", ".der", ".b64", ".saml"}
    tracked = subprocess.run(
        ["git", "ls-files", "tests"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()

    # What a peer is built of and deployed with, in the files that its own tools read.
    builders = {"pom.xml", "package.json", "package-lock.json", "sun-jaxws.xml"}
    others = [name for name in tracked if not name.startswith("tests/vectors/") and Path(name).name not in builders]
    scattered = {name for name in others if Path(name).suffix in endings}
    assert scattered == set()
