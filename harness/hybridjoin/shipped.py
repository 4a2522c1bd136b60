"""What comes along with the package beside its modules: container recipes, scenarios, the default lab.

In a checkout they stand at the top of the repository, where people edit them; a wheel carries them in `_share`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hybridjoin.errors import LabError

PACKAGE: Final = Path(__file__).resolve().parent
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
