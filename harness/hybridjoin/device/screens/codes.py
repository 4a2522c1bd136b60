"""Which of a failure's codes stands where on the screens: the one nearest the fault, or the one round it."""

from __future__ import annotations

from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.steps import Phase
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol import windows


def known(failure: Failure) -> tuple[WindowsCode, ...]:
    """Return the failure's codes that somebody knows, the nearest to the fault first."""
    codes = (failure.cause, failure.wrapper)
    return tuple(code for code in codes if code is not None and not windows.is_unknown(code))


def inner(failure: Failure) -> str:
    """Write the code nearest the fault, else the one round it, else the word that nobody knows it."""
    return str(next(iter(known(failure)), windows.UNKNOWN.symbol))


def outer(failure: Failure) -> str:
    """Write the code round the fault, else the fault's own, else the word that nobody knows it."""
    return str(next(reversed(known(failure)), windows.UNKNOWN.symbol))


def client_error(failure: Failure) -> str:
    """Write Client ErrorCode: of a search for the tenant the outer code (documented), else the inner one (assumed)."""
    return outer(failure) if failure.phase is Phase.DISCOVER else inner(failure)
