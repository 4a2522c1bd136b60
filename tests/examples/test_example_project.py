"""The example project, from an installed wheel, in an empty folder: what a stranger gets."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.lab
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a virtual environment that holds our wheel; the other packages are the ones of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    build: list[str | Path] = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True, timeout=120)
    python = venv / "bin" / "python"
    install: list[str | Path] = [
        ROOT / ".venv" / "bin" / "uv",
        "pip",
        "install",
        "--offline",
        "--no-deps",
        "--python",
        python,
        wheel,
    ]
    subprocess.run(install, check=True, capture_output=True, timeout=120)
    packages = next(venv.glob("lib/python*/site-packages"))
    # A path in a .pth file is searched last, and the .pth files in it are not: our own checkout is not among them.
    (packages / "others.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", "utf-8")
    return python


@pytest.fixture
def project(installed: Path, tmp_path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """The example as the wheel brings it, alone in a folder, and an environment that knows no checkout."""
    share = next(installed.parent.parent.glob("lib/python*/site-packages/hybridjoin/_share"))
    shutil.copytree(share / "scenarios" / "examples" / "own-project", tmp_path / "project")
    state = tempfile.mkdtemp(prefix="hj-")
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "HYBRIDJOIN_CACHE") if name in os.environ}
    yield tmp_path / "project", {**kept, "HYBRIDJOIN_STATE": state, "HYBRIDJOIN_LAB": "process"}
    shutil.rmtree(state, ignore_errors=True)


def run(python: Path, project: tuple[Path, dict[str, str]], *arguments: str) -> subprocess.CompletedProcess[str]:
    folder, environment = project
    command: list[str | Path] = [python, "-m", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280, check=False
    )


def test_the_example_passes_from_the_wheel(installed: Path, project: tuple[Path, dict[str, str]]) -> None:
    done = run(installed, project, "pytest", "-p", "no:cacheprovider", "-rA")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
    assert "PASSED joins.scenario.yaml::our-computers-join" in done.stdout
    assert (project[0] / "reports" / "latest" / "index.html").is_file()


def test_it_is_the_wheel_that_was_tested(installed: Path, project: tuple[Path, dict[str, str]]) -> None:
    folder, environment = project
    where = subprocess.run(
        [installed, "-c", "import hybridjoin; print(hybridjoin.__file__)"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert Path(where.stdout.strip()).is_relative_to(installed.parent.parent)


def test_the_next_steps_of_a_first_run_work_in_an_empty_folder(
    installed: Path, project: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    here = (empty, project[1])

    demo = run(installed, here, "hybridjoin", "demo")
    _, title, rest = demo.stdout.partition("next:")
    lines = [shlex.split(line) for line in rest.splitlines() if line.strip()]
    done = {shlex.join(line): run(installed, here, *line) for line in lines}

    assert title, demo.stdout + demo.stderr
    assert [line[:2] for line in lines] == [["hybridjoin", name] for name in ("explain", "join", "status", "run")]
    assert {line: (item.stdout[-800:], item.stderr[-800:]) for line, item in done.items() if item.returncode} == {}
