"""A gateway played against a directory: which object each account is found as, and what is issued for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hybridjoin.errors import LabError
from hybridjoin.intake.gateway import GatewaySetup, GatewayUserType, plain
from hybridjoin.intake.gateway_expression import (
    NotAnExpression,
    NotWorkedOut,
    attributes_of,
    read_expression,
    work_out,
)
from hybridjoin.intake.gateway_filter import PLACEHOLDER, filled_in, profile_of, wanted_attributes
from hybridjoin.model.exchange import SearchReply, SearchRequest

# What Entra finds a computer by, and a person; the rest of the mappings is for the other of the two, or for show.
_DEVICE_NEEDS = frozenset({"accounttype", "onpremobjectguid", "primarysid"})
_PERSON_NEEDS = frozenset({"immutableid"})

Search = Callable[[SearchRequest], SearchReply]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedValue:
    """One attribute of the assertion: its value, or why there is none; `needed` says that Entra looks for it."""

    name: str
    value: str = ""
    why_not: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFound:
    """One account: the user type that found it and the object, or why none did; what is issued for it."""

    account: str
    user_type: str = ""
    dn: str = ""
    devices: bool = False
    tried: tuple[str, ...] = ()
    issued: tuple[IssuedValue, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it was found, and everything has a value by which Entra finds its like."""
        return bool(self.dn) and all(item.value or not item.needed for item in self.issued)


def look_up(setup: GatewaySetup, account: str, search: Search, *, base: str) -> AccountFound:
    """Look one account up: the first user type whose filter finds exactly one object gives its profile.

    Raises:
        LabError: the directory does not answer.
    """
    tried: list[str] = []
    for kind in setup.user_types:
        if PLACEHOLDER not in kind.filter:
            tried.append(f"{kind.name}: its filter asks for nobody")
            continue
        words, entry = _ask(kind, account, search, kind.search_base or base)
        if entry is None:
            tried.append(f"{kind.name}: {words}")
            continue
        (found,) = entry.entries
        return AccountFound(
            account=account,
            user_type=kind.name,
            dn=found.dn,
            devices=kind.devices,
            tried=tuple(tried),
            issued=tuple(_issued(setup, kind, profile_of(kind, found))),
        )
    return AccountFound(account=account, tried=tuple(tried))


def _ask(kind: GatewayUserType, account: str, search: Search, base: str) -> tuple[str, SearchReply | None]:
    request = SearchRequest(base=base, filter=filled_in(kind.filter, account), attributes=wanted_attributes(kind))
    try:
        reply = search(request)
    except LabError as error:
        if "filter" in str(error).lower():
            return f"the directory refuses its filter: {kind.filter}", None
        raise
    if len(reply.entries) != 1:
        several = f"{len(reply.entries)} objects" if reply.entries else "no object"
        return f"{several} below {base} with {request.filter}", None
    return "", reply


def _issued(setup: GatewaySetup, kind: GatewayUserType, profile: dict[str, str]) -> Iterator[IssuedValue]:
    for item in setup.issued:
        needed = item.name.lower() in (_DEVICE_NEEDS if kind.devices else _PERSON_NEEDS)
        try:
            term = read_expression(item.value)
            value = work_out(term, profile)
        except (NotAnExpression, NotWorkedOut) as error:
            yield IssuedValue(name=item.name, why_not=str(error), needed=needed)
            continue
        if value:
            yield IssuedValue(name=item.name, value=value, needed=needed)
            continue
        empty = next((each.name for each in attributes_of(term) if plain(each.name) not in profile), "")
        yield IssuedValue(name=item.name, why_not=_why_empty(kind, empty), needed=needed)


def _why_empty(kind: GatewayUserType, name: str) -> str:
    """Say why an expression gives no value: the attribute is not mapped, or the object has none of it."""
    if not name:
        return "the expression gives no value for this account"
    source = kind.source_of(name)
    return f"{source} of the object is empty (user.{name})" if source else f"{kind.name} maps no {name}"
