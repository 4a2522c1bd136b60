"""Whose identity provider a case is about, so that a fix is told in the words of its own console."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Basis
from hybridjoin.knowledge.article import Fix

_ADDRESSES: Final = (
    "federation.metadata_exchange_uri", "federation.active_sign_in_uri", "federation.passive_sign_in_uri",
    "mex.chosen",
)  # fmt: skip
# How the addresses of a product's WS-Trust and WS-Federation endpoints look.
_PATHS: Final = (
    ("PingFederate", re.compile(r"/idp/(?:sts|prp)\.ws|/pf/", re.IGNORECASE)),
    ("PingOne", re.compile(r"[./]pingone\.|/wsf/mex", re.IGNORECASE)),
    ("AD FS", re.compile(r"/adfs/", re.IGNORECASE)),
)
# Logs that only one product writes.
_LOGS: Final[tuple[tuple[str, tuple[Basis, ...]], ...]] = (
    ("PingFederate", (bases.PINGFEDERATE, bases.PINGFEDERATE_SERVER)),
    ("PingOne", (bases.PINGONE,)),
    ("AD FS", (bases.ADFS,)),
)
_PROVIDERS: Final = frozenset(name for name, _ in _PATHS)


def vendor_of(view: FactView) -> str:
    """Return the product that issues the assertions, by its addresses or else its logs; empty where none shows it."""
    for fact in view.of(*_ADDRESSES):
        found = next((name for name, path in _PATHS if path.search(fact.value)), "")
        if found:
            return found
    told = {fact.basis for fact in view.all}
    return next((name for name, logs in _LOGS if told.intersection(logs)), "")


def fixes_for(fixes: Iterable[Fix], vendor: str) -> tuple[Fix, ...]:
    """Return the fixes that this product's operator can carry out; all of them where the product is not known."""
    held = tuple(fixes)
    own = tuple(fix for fix in held if fix.vendor == vendor or fix.vendor not in _PROVIDERS)
    return own if vendor and own else held
