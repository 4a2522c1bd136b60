"""The whole dial."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.model.dial.accounts import ACCOUNTS
from hybridjoin.model.dial.row import DialRow
from hybridjoin.model.dial.surroundings import SURROUNDINGS

DIAL: Final[Mapping[str, DialRow]] = MappingProxyType({row.name: row for row in (*ACCOUNTS, *SURROUNDINGS)})
"""Every row by its name, in the order in which lists show them."""
