"""ADAL for Python, which Microsoft keeps no longer and scripts still use: a person by name and password."""

from __future__ import annotations

from pathlib import Path

from tests.peers import by_password

CALLER = by_password.caller(Path(__file__).parent, "ADAL for Python 1.2.7")
