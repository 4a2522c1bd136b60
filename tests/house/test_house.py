"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import xmlsec
from lxml import etree

from hybridjoin.extras import EXTRA_OF, PAIR
from tests.house.trees import functions_and_calls

ROOT = Path(__file__).parents[2]
MODULE_LINES = 300
FUNCTION_LINES = 40
STREET = {
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "benchmarks",
    "conftest.py",
    "containers",
    "docs",
    "harness",
    "pyproject.toml",
    "reports",
    "requirements",
    "scenarios",
    "tests",
}
# Spelled in two halves, so that this file does not break the rule it holds.
REGISTRIES = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "deb.debian" + ".org",
    "security.debian" + ".org",
    "registry.npmjs" + ".org",
    "registry-1.docker" + ".io",
    "index.docker" + ".io",
    "ghcr" + ".io",
    "quay" + ".io",
    "crates" + ".io",
    "proxy.golang" + ".org",
]
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:work|root|home|Users)" + r"/[\w.-]+")


def tracked() -> list[Path]:
    """Return every file under version control that is there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    """Yield name and content of every tracked text file."""
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data:
            yield str(path.relative_to(ROOT)), data.decode("utf-8")


def modules() -> list[Path]:
    """Return the product's own Python modules."""
    ours = {"harness", "containers"}
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ours]


def test_no_room_is_longer_than_300_lines() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in modules()}

    assert sizes
    assert {name: size for name, size in sizes.items() if size > MODULE_LINES} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long: dict[str, int] = {}
    for name, node in functions_and_calls():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > FUNCTION_LINES:
                long[f"{name}:{node.lineno} {node.name}"] = size

    assert long == {}


def test_no_text_of_a_process_is_read_in_the_encoding_of_the_locale() -> None:
    careless = [
        f"{name}:{node.lineno}"
        for name, node in functions_and_calls()
        if isinstance(node, ast.Call)
        and {"text", "universal_newlines"} & (named := {item.arg for item in node.keywords})
        and "encoding" not in named
        and ast.unparse(node.func).rpartition(".")[2] in {"run", "Popen", "check_output"}
    ]

    assert careless == []


def test_the_top_level_is_the_street_that_was_decided() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} - STREET == set()


def test_no_tracked_file_names_a_package_registry() -> None:
    found = [(name, host) for name, text in texts() for host in REGISTRIES if host in text]

    assert found == []


def test_no_tracked_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    found = [(name, match.group()) for name, text in texts() for match in MACHINE_PATH.finditer(text)]

    assert found == []


def test_lxml_and_xmlsec_stand_on_the_same_libxml2() -> None:
    # With different ones xmlsec refuses at import or, worse, crosses two allocators later on.
    assert xmlsec.get_libxml_version() == etree.LIBXML_VERSION


def test_the_pair_that_is_recommended_is_the_pair_of_the_lock() -> None:
    assert tuple(f"{name}=={pins('runtime.txt')[name]}" for name in ("lxml", "xmlsec")) == PAIR


def test_every_module_of_an_extra_is_known_to_come_with_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    provided: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for distribution in distributions:
            provided.setdefault(distribution.lower().replace("_", "-"), set()).add(module)
    extras = {
        extra: {name for line in lines if not (name := re.split(r"[><=\[]", line)[0]).startswith("hybridjoin")}
        for extra, lines in project["optional-dependencies"].items()
    }

    assert set(extras) == {"device", "lab", "pytest", "events", "all"}
    assert {
        f"{extra}: {distribution}"
        for extra, distributions in extras.items()
        for distribution in distributions
        if not any(EXTRA_OF.get(module) == extra for module in provided[distribution])
    } == set()


def pins(lock: str) -> dict[str, str]:
    """Return name to version of a lock."""
    text = (ROOT / "requirements" / lock).read_text("utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt", "build.txt", "uv.txt"])
def test_every_pin_of_a_lock_has_a_hash(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text("utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]

    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_development_lock_holds_the_very_versions_of_the_runtime_lock() -> None:
    runtime, dev = pins("runtime.txt"), pins("dev.txt")

    assert {name: dev.get(name) for name in runtime} == runtime


@pytest.mark.parametrize(
    "target",
    ["demo", "check", "quick", "test", "scenarios", "coverage", "bench", "chaos", "lint", "lock", "clean", "help"],
)
def test_the_makefile_lists_the_target(target: str) -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert re.search(rf"^  make {target} +\S", listed, flags=re.MULTILINE)


SHELL_SCRIPTS = ["requirements/bootstrap", "requirements/apt-install", "containers/base-image", ".ci/run"]


@pytest.mark.parametrize("script", SHELL_SCRIPTS)
def test_no_pipe_ends_in_who_leaves_early(script: str) -> None:
    """`… | grep -q` leaves at the line it sought; who still writes then fails the pipe, now and then."""
    code = "\n".join(
        line for line in (ROOT / script).read_text("utf-8").splitlines() if not line.lstrip().startswith("#")
    )

    assert not re.findall(r"\|\s*(?:grep\s+(?:-\w*q|--quiet|-m)|head\b).*", code)


@pytest.mark.parametrize("script", SHELL_SCRIPTS)
def test_the_shell_script_parses_and_may_be_run(script: str) -> None:
    path = ROOT / script
    shell = path.read_text("utf-8").splitlines()[0].removeprefix("#!")

    assert path.stat().st_mode & 0o111
    assert subprocess.run([shell, "-n", path], capture_output=True, check=False).returncode == 0


def test_the_bootstrap_refuses_an_argument_it_does_not_know() -> None:
    done = subprocess.run(
        [ROOT / "requirements" / "bootstrap", "everything"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "usage: requirements/bootstrap" in done.stderr
