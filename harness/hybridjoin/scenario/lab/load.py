"""A lab file read: YAML to LabFile, with every mistake of the file named at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.scenario.compose import Inheritance, load_document
from hybridjoin.scenario.lab.default_lab import named_lab
from hybridjoin.scenario.lab.defaults import LabParts, filled_in
from hybridjoin.scenario.lab.lab_file import (
    ComputerFile,
    DomainFile,
    EncryptionType,
    GroupFile,
    LabFile,
    ServiceAccountFile,
    ServiceConnectionPoint,
    Tenant,
    UserFile,
)
from hybridjoin.scenario.lab.lab_schema import ComputerDocument, LabDocument, ServiceAccountDocument, UserDocument
from hybridjoin.scenario.yaml.refusal import in_order, refuse
from hybridjoin.scenario.yaml.source import DataPath, Positions
from hybridjoin.scenario.yaml.validate import PLACEHOLDER, nearest, salvage

LABS: Final = Inheritance(
    own=frozenset({"extends"}),
    nothing=frozenset({"service_connection_point"}),
    named=named_lab,
)
BUILT_IN_ACCOUNTS = ("Administrator", "Guest", "krbtgt")


def load_lab_file(path: Path) -> LabFile:
    """Read a lab file, with what it extends and what it leaves to be filled in.

    Raises:
        UsageError: it has mistakes; every one is told with its place.
    """
    composed = load_document(path, name=str(path), rules=LABS)
    positions = composed.positions
    inherited = {key for key in composed.data if positions.is_inherited((key,))}
    model, mistakes = salvage(LabDocument, composed.data, positions)
    if mistakes or model is None:
        left = filled_in(model, inherited=inherited) if model else None
        raise UsageError(*in_order((*mistakes, *(_twins(left, positions) if left else ()))))
    document = filled_in(model, inherited=inherited)
    refuse((*_twins(document, positions), *_nowhere(document, positions)))
    return _lab_file(document, path)


def _twins(document: LabParts, positions: Positions) -> Iterator[Mistake]:
    yield from _twin_accounts(document, positions)
    yield from _twin_values(document, positions)


def _nowhere(document: LabParts, positions: Positions) -> Iterator[Mistake]:
    """Find the names that lead nowhere; of a file with other mistakes nobody can tell."""
    yield from _unknown_members(document, positions)
    services = [item.name for item in document.service_accounts]
    if document.lookup_account not in services:
        yield Mistake(
            place=positions.value(("lookup_account",)),
            problem=f"expected one of the service accounts, found {document.lookup_account!r}",
            hint=nearest(document.lookup_account, services),
        )
    if not any(item.enabled for item in document.computers):
        yield Mistake(
            place=positions.value(("computers",)), problem="expected at least one enabled computer, found none"
        )


def _account_names(document: LabParts) -> Iterator[tuple[DataPath, str]]:
    """Yield every sAMAccountName with the path of its name."""
    for index, computer in enumerate(document.computers):
        yield ("computers", index, "name"), f"{computer.name}$"
    for index, user in enumerate(document.users):
        yield ("users", index, "name"), user.name
    for index, service in enumerate(document.service_accounts):
        yield ("service_accounts", index, "name"), service.name
    for index, group in enumerate(document.groups):
        yield ("groups", index, "name"), group.name


def _twin_accounts(document: LabParts, positions: Positions) -> Iterator[Mistake]:
    built_in = (*BUILT_IN_ACCOUNTS, f"{document.domain.domain_controller}$")
    seen = {name.lower(): "in every domain" for name in built_in}
    for path, name in _account_names(document):
        if name.lower() in seen and name.rstrip("$") != PLACEHOLDER:
            problem = f"expected a name of its own, found {name!r} that stands {seen[name.lower()]} too"
            yield Mistake(place=positions.value(path), problem=problem)
        seen.setdefault(name.lower(), f"at {positions.value(path)}")


def _unique_values(document: LabParts) -> Iterator[tuple[DataPath, str, str]]:
    """Yield path, kind and value of whatever only one object may hold."""
    for name, accounts in (("computers", document.computers), ("service_accounts", document.service_accounts)):
        for index, account in enumerate[ComputerDocument | ServiceAccountDocument](accounts):
            for at, spn in enumerate(account.service_principal_names):
                yield (name, index, "servicePrincipalName", at), "service principal name", spn
    guids = ((("computers", index, "objectGUID"), item.object_guid) for index, item in enumerate(document.computers))
    upns = (
        (("users", index, "userPrincipalName"), item.user_principal_name) for index, item in enumerate(document.users)
    )
    named: Iterable[tuple[DataPath, str | None]] = itertools.chain(guids, upns)
    yield from ((path, str(path[-1]), value) for path, value in named if value)
    yield from ((("hosts", index), "host", host) for index, host in enumerate(document.hosts))


def _twin_values(document: LabParts, positions: Positions) -> Iterator[Mistake]:
    seen: dict[tuple[str, str], str] = {}
    for path, kind, value in _unique_values(document):
        place = positions.value(path)
        first = seen.setdefault((kind, value.lower()), place)
        if first != place:
            yield Mistake(place=place, problem=f"the {kind} {value!r} stands at {first} already")


def _unknown_members(document: LabParts, positions: Positions) -> Iterator[Mistake]:
    known = [name for _, name in _account_names(document)]
    for index, group in enumerate(document.groups):
        for at, member in enumerate(group.members):
            if member not in known:
                yield Mistake(
                    place=positions.value(("groups", index, "members", at)),
                    problem=f"expected the name of an account in this file, found {member!r}",
                    hint=nearest(member, known),
                )


def _types(names: Iterable[str]) -> tuple[EncryptionType, ...]:
    return tuple(EncryptionType(name) for name in names)


def _computer(document: ComputerDocument) -> ComputerFile:
    return ComputerFile(
        name=document.name,
        enabled=document.enabled,
        object_guid=document.object_guid,
        consistency_guid=document.consistency_guid,
        user_certificate=document.user_certificate is not None,
        encryption_types=None if document.encryption_types is None else _types(document.encryption_types),
        service_principal_names=tuple(document.service_principal_names),
    )


def _user(document: UserDocument) -> UserFile:
    return UserFile(**{**document.model_dump(), "user_principal_name": document.user_principal_name or ""})


def _service_account(document: ServiceAccountDocument) -> ServiceAccountFile:
    return ServiceAccountFile(
        name=document.name,
        service_principal_names=tuple(document.service_principal_names),
        encryption_types=None if document.encryption_types is None else _types(document.encryption_types),
        keytab=_types(document.keytab),
    )


def _lab_file(document: LabParts, path: Path) -> LabFile:
    point = document.service_connection_point
    return LabFile(
        path=path,
        domain=DomainFile(**document.domain.model_dump()),
        tenant=Tenant(**document.tenant.model_dump()),
        service_connection_point=ServiceConnectionPoint(**point.model_dump()) if point else None,
        computers=tuple(map(_computer, document.computers)),
        users=tuple(map(_user, document.users)),
        service_accounts=tuple(map(_service_account, document.service_accounts)),
        groups=tuple(GroupFile(name=group.name, members=tuple(group.members)) for group in document.groups),
        lookup_account=document.lookup_account,
        hosts=tuple(document.hosts),
        ldif=document.ldif,
    )
