"""The lab that everybody stands in who names no other."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hybridjoin.shipped import MARK, located, shipped

DEFAULT: Final = "default"
DEFAULT_LAB: Final = f"{DEFAULT}.lab.yaml"


def default_lab_path() -> Path:
    """Return its file, from the checkout or the installed package."""
    return shipped(f"scenarios/{DEFAULT_LAB}")


def named_lab(name: str) -> Path | None:
    """Return a lab file that comes along by the name that `extends` calls it; None where it is a path of one's own."""
    if name == DEFAULT:
        return default_lab_path()
    return located(Path(name)) if name.startswith(MARK) else None
