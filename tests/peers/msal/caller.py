"""MSAL for Python, Microsoft's own client of today: a person by name and password."""

from __future__ import annotations

from pathlib import Path

from tests.peers import by_password

CALLER = by_password.caller(Path(__file__).parent, "MSAL for Python 1.39.0")
