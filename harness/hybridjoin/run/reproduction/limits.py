"""How far a reproduction goes; in a module of its own, so that a command's help imports nothing else."""

from __future__ import annotations

from typing import Final

LIMIT_TRIALS: Final = 40
"""How many joins a reproduction tries where nobody says otherwise."""
