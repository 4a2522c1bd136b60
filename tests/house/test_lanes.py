"""The lanes: what a mark promises is held, so that `make check` starts no lab, no container and no browser."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.conftest import CACHE

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parents[2]
STARTS_A_LAB = """
import pathlib, subprocess, sys
import pytest
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.scenario.lab.load import load_lab_file

LAB_FILE = {lab_file!r}

{mark}
def test_here():
    with ProcessBackend().start(load_lab_file(pathlib.Path(LAB_FILE))) as domain:
        assert domain.keytabs

{mark}
def test_in_a_process_of_its_own():
    done = subprocess.run(
        [sys.executable, "-m", "hybridjoin", "join", "--lab", "process"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
"""


@pytest.fixture
def lane(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tests that stands in the same lanes as ours."""
    pytester.makeconftest("from tests.conftest import pytest_runtest_setup  # noqa: F401")
    marks = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["markers"]
    pytester.makeini("[pytest]\nmarkers =\n" + "\n".join(f"    {mark}" for mark in marks))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("HYBRIDJOIN_STATE", str(tmp_path_factory.mktemp("s")))
    monkeypatch.setenv("HYBRIDJOIN_CACHE", CACHE)
    return pytester.path


@pytest.mark.thorough
def test_a_test_without_the_mark_starts_no_lab(lane: Path, pytester: pytest.Pytester) -> None:
    lab_file = str(ROOT / "scenarios" / "default.lab.yaml")
    pytester.makepyfile(test_sly=STARTS_A_LAB.format(mark="", lab_file=lab_file))

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(failed=2)
    assert result.stdout.str().count("a-test-that-starts-a-lab-carries-the-mark-lab-or-docker") >= 2


@pytest.mark.lab
def test_the_same_test_with_the_mark_starts_one(lane: Path, pytester: pytest.Pytester) -> None:
    lab_file = str(ROOT / "scenarios" / "default.lab.yaml")
    pytester.makepyfile(test_honest=STARTS_A_LAB.format(mark="@pytest.mark.lab", lab_file=lab_file))

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=2)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("fixture", "mark"), [("lab", "lab"), ("domain", "lab"), ("controller", "docker"), ("chromium", "browser")]
)
def test_a_lab_that_is_warm_already_is_none_for_a_test_without_the_mark(
    lane: Path, pytester: pytest.Pytester, fixture: str, mark: str
) -> None:
    pytester.makepyfile(
        test_sly=f"""
        import pytest

        @pytest.fixture
        def {fixture}():
            return 1

        def test_sly({fixture}):
            assert {fixture}
        """
    )

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*the fixture {fixture} needs the mark {mark}*"])


def test_a_browser_is_started_in_one_place_only() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if "sync_playwright()" in path.read_text("utf-8") and path != Path(__file__)
    }

    marked = {"tests/device/test_real_browser.py"}  # all of it carries the mark
    assert found == {"tests/report/conftest.py"} | marked, "elsewhere the mark browser would not be asked for"
