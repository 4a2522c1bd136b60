"""A lab file read: YAML to LabFile, with every mistake of the file named at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from harness.errors import Mistake, UsageError
from harness.scenario.lab_file import (
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
from harness.scenario.lab_schema import ComputerDocument, LabDocument, ServiceAccountDocument
from harness.scenario.yaml_source import DataPath, Positions, load_yaml

BUILT_IN_ACCOUNTS = ("Administrator", "Guest", "krbtgt")


def load_lab_file(path: Path) -> LabFile:
    """Read a lab file; raise UsageError naming every mistake with its place."""
    data, positions = load_yaml(path)
    try:
        document = LabDocument.model_validate(data)
    except ValidationError as error:
        mistakes = [_mistake(detail, positions) for detail in error.errors()]
        raise UsageError(*sorted(mistakes, key=_position)) from None
    mistakes = list(_contradictions(document, positions))
    if mistakes:
        raise UsageError(*sorted(mistakes, key=_position))
    return _lab_file(document, path)


def _position(mistake: Mistake) -> tuple[int, int]:
    _, line, column = mistake.place.rsplit(":", 2)
    return int(line), int(column)


def _mistake(detail: ErrorDetails, positions: Positions) -> Mistake:
    """Turn one of pydantic's errors into a sentence that names what was expected and what was found."""
    path: DataPath = detail["loc"]
    place = positions.place(path)
    match detail["type"]:
        case "extra_forbidden":
            known = _known_keys(path[:-1])
            return Mistake(
                place=place, problem=f"unknown key {str(path[-1])!r}", hint=near(str(path[-1]), known, otherwise=True)
            )
        case "missing":
            return Mistake(place=place, problem=f"the key {str(path[-1])!r} is missing")
        case "value_error":
            words = str(detail.get("ctx", {}).get("error", detail["msg"]))
            return Mistake(place=place, problem=words, hint=near(str(detail["input"]), EncryptionType))
        case _:
            found = _shown(detail["input"])
            return Mistake(place=place, problem=f"{_expectation(detail)}, found {found}")


def _expectation(detail: ErrorDetails) -> str:
    words = {
        "string_type": "expected text",
        "bool_type": "expected true or false",
        "tuple_type": "expected a list",
        "model_type": "expected keys and values",
        "model_attributes_type": "expected keys and values",
        "too_short": "expected at least one entry",
    }
    if detail["type"] == "literal_error":
        return f"expected {detail.get('ctx', {}).get('expected', '')}"
    return words.get(detail["type"], detail["msg"])


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return f"{value!r}"


def _known_keys(path: DataPath) -> list[str]:
    """Return the keys that may stand at a path of the document."""
    model: type[BaseModel] = LabDocument
    for step in path:
        if isinstance(step, int):
            continue
        field = next((item for name, item in model.model_fields.items() if (item.alias or name) == step), None)
        inner = _inner_model(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _inner_model(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_inner_model(item) for item in getattr(annotation, "__args__", ()))
    return next((item for item in inner if item is not None), None)


def near(found: str, known: Iterable[str], *, otherwise: bool = False) -> str:
    """Return "did you mean …?" for the nearest known name; with `otherwise`, the list of all when none is near."""
    by_lower = {name.lower(): name for name in known}
    best = difflib.get_close_matches(found.lower(), by_lower, n=1)
    if best:
        return f"did you mean {by_lower[best[0]]!r}?"
    return f"known here: {', '.join(by_lower.values())}" if otherwise and by_lower else ""


def _contradictions(document: LabDocument, positions: Positions) -> Iterator[Mistake]:
    """Find what each key for itself cannot know: twins, and names that lead nowhere."""
    yield from _twin_accounts(document, positions)
    yield from _twin_values(document, positions)
    yield from _unknown_members(document, positions)
    services = [item.name for item in document.service_accounts]
    if document.lookup_account not in services:
        yield Mistake(
            place=positions.place(("lookup_account",)),
            problem=f"expected one of the service accounts, found {document.lookup_account!r}",
            hint=near(document.lookup_account, services, otherwise=True),
        )
    if not any(item.enabled for item in document.computers):
        yield Mistake(
            place=positions.place(("computers",)), problem="expected at least one enabled computer, found none"
        )


def _account_names(document: LabDocument) -> Iterator[tuple[DataPath, str]]:
    """Yield every sAMAccountName with the path of its name."""
    for index, computer in enumerate(document.computers):
        yield ("computers", index, "name"), f"{computer.name}$"
    for index, user in enumerate(document.users):
        yield ("users", index, "name"), user.name
    for index, service in enumerate(document.service_accounts):
        yield ("service_accounts", index, "name"), service.name
    for index, group in enumerate(document.groups):
        yield ("groups", index, "name"), group.name


def _twin_accounts(document: LabDocument, positions: Positions) -> Iterator[Mistake]:
    built_in = (*BUILT_IN_ACCOUNTS, f"{document.domain.domain_controller}$")
    seen = {name.lower(): "in every domain" for name in built_in}
    for path, name in _account_names(document):
        if name.lower() in seen:
            problem = f"expected a name of its own, found {name!r} that stands {seen[name.lower()]} too"
            yield Mistake(place=positions.place(path), problem=problem)
        seen.setdefault(name.lower(), f"at {positions.place(path)}")


def _unique_values(document: LabDocument) -> Iterator[tuple[DataPath, str, str]]:
    """Yield path, kind and value of whatever only one object may hold."""
    for name, accounts in (("computers", document.computers), ("service_accounts", document.service_accounts)):
        for index, account in enumerate[ComputerDocument | ServiceAccountDocument](accounts):
            for at, spn in enumerate(account.service_principal_names):
                yield (name, index, "servicePrincipalName", at), "service principal name", spn
    for index, computer in enumerate(document.computers):
        if computer.object_guid:
            yield ("computers", index, "objectGUID"), "objectGUID", computer.object_guid
    for index, host in enumerate(document.hosts):
        yield ("hosts", index), "host", host


def _twin_values(document: LabDocument, positions: Positions) -> Iterator[Mistake]:
    seen: dict[tuple[str, str], str] = {}
    for path, kind, value in _unique_values(document):
        place = positions.place(path)
        first = seen.setdefault((kind, value.lower()), place)
        if first != place:
            yield Mistake(place=place, problem=f"the {kind} {value!r} stands at {first} already")


def _unknown_members(document: LabDocument, positions: Positions) -> Iterator[Mistake]:
    known = [name for _, name in _account_names(document)]
    for index, group in enumerate(document.groups):
        for at, member in enumerate(group.members):
            if member not in known:
                yield Mistake(
                    place=positions.place(("groups", index, "members", at)),
                    problem=f"expected the name of an account in this file, found {member!r}",
                    hint=near(member, known),
                )


def _types(names: tuple[str, ...]) -> tuple[EncryptionType, ...]:
    return tuple(EncryptionType(name) for name in names)


def _computer(document: ComputerDocument) -> ComputerFile:
    return ComputerFile(
        name=document.name,
        enabled=document.enabled,
        object_guid=document.object_guid,
        consistency_guid=document.consistency_guid,
        user_certificate=document.user_certificate is not None,
        encryption_types=None if document.encryption_types is None else _types(document.encryption_types),
        service_principal_names=document.service_principal_names,
    )


def _service_account(document: ServiceAccountDocument) -> ServiceAccountFile:
    return ServiceAccountFile(
        name=document.name,
        service_principal_names=document.service_principal_names,
        encryption_types=None if document.encryption_types is None else _types(document.encryption_types),
        keytab=_types(document.keytab),
    )


def _lab_file(document: LabDocument, path: Path) -> LabFile:
    point = document.service_connection_point
    return LabFile(
        path=path,
        domain=DomainFile(**document.domain.model_dump()),
        tenant=Tenant(**document.tenant.model_dump()),
        service_connection_point=ServiceConnectionPoint(**point.model_dump()) if point else None,
        computers=tuple(map(_computer, document.computers)),
        users=tuple(UserFile(**user.model_dump()) for user in document.users),
        service_accounts=tuple(map(_service_account, document.service_accounts)),
        groups=tuple(GroupFile(**group.model_dump()) for group in document.groups),
        lookup_account=document.lookup_account,
        hosts=document.hosts,
        ldif=document.ldif,
    )
