"""The command line in this process, as the tests of its commands have it."""

from __future__ import annotations

from tests.cli.conftest import own_state, run

__all__ = ["own_state", "run"]
