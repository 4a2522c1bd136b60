"""What comes along with the package beside its modules: container recipes, scenarios, the default lab.

In a checkout they stand at the top of the repository, where people edit them; a wheel carries them in `_share`.
On a command line a shipped scenario has a name of its own, which is the same in every folder and installation:
`shipped:claims` is the folder, `shipped:demo/1-joins.scenario.yaml` a file, and `shipped:` all of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hybridjoin.errors import LabError

PACKAGE: Final = Path(__file__).resolve().parent
MARK: Final = "shipped:"
SCENARIOS: Final = "scenarios"
_ROOTS: Final = (PACKAGE.parent.parent, PACKAGE / "_share")


def shipped(name: str) -> Path:
    """Return a file or folder by its path from the top of the repository, as `scenarios/default.lab.yaml`.

    Raises:
        LabError: it is in neither place, as after an installation that was cut short.
    """
    places = tuple(root / name for root in _ROOTS)
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise LabError(f"{name} is in neither of {', '.join(map(str, places))}", remedy="reinstall hybridjoin")
    return found


def located(path: Path) -> Path:
    """Return the path that a name such as `shipped:claims` stands for; any other path as it is.

    What is not there is found by nobody here: whoever opens it says so.
    """
    text = path.as_posix()
    return shipped(SCENARIOS) / text.removeprefix(MARK) if text.startswith(MARK) else path


def name_of(path: Path) -> str:
    """Return the shipped name of a path, `shipped:demo/1-joins.scenario.yaml`; empty where it does not come along."""
    for root in _ROOTS:
        if path.is_relative_to(root / SCENARIOS):
            return MARK + path.relative_to(root / SCENARIOS).as_posix()
    return ""


def portable(path: Path) -> str:
    """Name a file as it is the same on every machine: below the working directory, or as one that comes along."""
    whole, here = path.absolute(), Path.cwd()
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else name_of(whole) or path.as_posix()
