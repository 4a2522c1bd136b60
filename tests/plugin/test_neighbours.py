"""In a project of somebody else the plugin takes no name that is not ours."""

from __future__ import annotations

import pytest

from hybridjoin.plugin import pytest_addoption
from hybridjoin.plugin.options import scenario_files
from tests.plugin.test_plugin import FEDERATED, run_afresh, write

pytest_plugins = ["pytester"]
CONFTEST = """
import pytest

def pytest_addoption(parser):
    for name in ("site", "lab", "report-dir"):
        parser.addoption(f"--{name}", default="theirs")
        parser.addini(name.replace("-", "_"), "theirs", default="ini")

@pytest.fixture
def lab(request):
    return request.config.getoption("--lab")

@pytest.fixture
def site(request):
    return request.config.getoption("--site")
"""
TEST = """
import pathlib
import harness
from harness.tools import answer

def test_their_own_package_and_options(lab, site, pytestconfig):
    assert pathlib.Path(harness.__file__).parent.parent == pytestconfig.rootpath
    assert answer() == 42
    assert (lab, site, pytestconfig.getini("report_dir")) == ("theirs", "berlin", "ini")
"""


@pytest.fixture
def neighbour(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with a `harness` package, and with options, settings and fixtures of the names that ours once had."""
    pytester.makeconftest(CONFTEST)
    pytester.makeini("[pytest]\npythonpath = .\n")
    package = pytester.mkpydir("harness")
    (package / "tools.py").write_text("def answer():\n    return 42\n", "utf-8")
    pytester.makepyfile(test_theirs=TEST)
    write(pytester, "ours", FEDERATED)
    return pytester


@pytest.mark.thorough
def test_their_tests_and_our_scenarios_are_collected_together(neighbour: pytest.Pytester) -> None:
    result = run_afresh(neighbour, "--collect-only", "-q", "--site", "berlin")

    result.stdout.fnmatch_lines(["ours.scenario.yaml::healthy", "test_theirs.py::test_their_own*"])
    assert result.ret == pytest.ExitCode.OK


@pytest.mark.thorough
def test_their_options_are_theirs(neighbour: pytest.Pytester) -> None:
    result = run_afresh(neighbour, "--site", "berlin", "-m", "not hybridjoin")

    result.assert_outcomes(passed=1, deselected=1)
    assert not (neighbour.path / "reports").exists()


def test_a_folder_that_pytest_leaves_out_is_left_out(neighbour: pytest.Pytester) -> None:
    hidden = neighbour.path / "build"
    hidden.mkdir()
    (hidden / "old.scenario.yaml").write_text("no scenario at all", "utf-8")

    found = scenario_files(neighbour.parseconfig("--site", "berlin"))

    assert [path.name for path in found] == ["ours.scenario.yaml"]


def test_everything_that_is_added_to_pytest_carries_our_name() -> None:
    class Parser:
        def __init__(self) -> None:
            self.names: list[str] = []

        def getgroup(self, name: str, description: str) -> Parser:
            return self

        def addoption(self, name: str, **_: object) -> None:
            self.names.append(name.removeprefix("--"))

        def addini(self, name: str, *_: object, **__: object) -> None:
            self.names.append(name)

    parser = Parser()
    pytest_addoption(parser)  # type: ignore[arg-type]

    assert parser.names
    assert [name for name in parser.names if not name.startswith("hybridjoin")] == []
