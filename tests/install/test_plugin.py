"""The pytest plugin in an environment that has pytest, and nothing that a lab takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.install.conftest import Installed, empty_environment, install

pytestmark = pytest.mark.install
FILES = {
    "test_theirs.py": "def test_theirs():\n    assert 1 + 1 == 2\n",
    "test_ours.py": "def test_ours(hybridjoin_join):\n    assert hybridjoin_join()\n",
    "joins.scenario.yaml": "id: joins\ntitle: It joins\nexpect: {join: federated}\n",
}
LINE = "-m pip install 'hybridjoin[lab]'"


@pytest.fixture(scope="module", params=["ours", "older"])
def beside_pytest(wheel: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Installed:
    """The core beside somebody's pytest, which loads our plugin whether that is wanted or not."""
    made = empty_environment(tmp_path_factory.mktemp("pytest") / "venv")
    install(made.python, f"hybridjoin[pytest] @ {wheel.as_uri()}")
    if request.param == "older":
        install(made.python, "pytest<9", locked=False)
    return made


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_somebodys_own_tests_are_left_alone(beside_pytest: Installed, project: Path) -> None:
    done = beside_pytest.run("-m", "pytest", "-p", "no:cacheprovider", "-W", "error", "test_theirs.py", cwd=project)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


@pytest.mark.parametrize("file", ["test_ours.py", "joins.scenario.yaml"])
def test_a_test_of_ours_names_the_line_that_it_lacks(beside_pytest: Installed, project: Path, file: str) -> None:
    done = beside_pytest.run("-m", "pytest", "-p", "no:cacheprovider", file, cwd=project)

    told = done.stdout + done.stderr
    assert done.returncode not in {0, 5}, told
    assert LINE in told
    assert "Traceback (most recent call last)" not in told
