"""The lab file of a case: the evidence's directory, as far as a lab can have it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any, Final

from hybridjoin.intake.case.lab_names import (
    CONTROLLER,
    LabName,
    device_name,
    domain_name,
    federated_domain,
    guid_facts,
    idp_host,
    usable_computer,
)
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files.fact import Fact
from hybridjoin.scenario.case.service_accounts import service_accounts, types_of
from hybridjoin.scenario.case.told_yaml import ToldValue, Tree, at, told_yaml
from hybridjoin.scenario.lab.lab_file import OWN_OBJECT_GUID

LIMIT_COMPUTERS: Final = 20
"""How many computers of the evidence a lab gets, the one that joins first."""
PERSON: Final = "alice"
_HEAD: Final = (
    "The directory of the evidence, as a lab can have it; a place behind a comment is file:line of the evidence.",
    "SIDs are not kept, for each domain controller gives its own; passwords and keys are the lab's own too.",
)
_DISABLED: Final = 0x2


def lab_body(view: FactView) -> bytes:
    """Write the lab file of these facts; whatever they are, it loads."""
    domain, host = domain_name(view), idp_host(view)
    computers = list(_computers(view))
    names = [computer["name"].value for computer in computers]
    hosts = {*(f"{name}.{domain.name}".lower() for name in names), *(name.lower() for name in names)}
    tree: Tree = {
        "domain": _domain(view, domain, names),
        "tenant": _tenant(view),
        **_point(view),
        "computers": computers,
        "users": [{"name": ToldValue(PERSON, "of nobody in the evidence: whose ticket a trial may show")}],
        "service_accounts": list(service_accounts(view, host, hosts)),
        "hosts": ToldValue([host.name], _named("the identity provider's host", host)),
    }
    return told_yaml(tree, head=_HEAD)


def _named(what: str, name: LabName) -> str:
    """Say where a name comes from, and what it stands for where the evidence's own cannot be used."""
    if name.because is None:
        return f"{what}: the evidence does not tell it"
    if name.mapped:
        return f"{what}: the evidence has {name.told!r}, which a lab cannot have: {name.because.place}"
    return f"{what}: {name.because.place}"


def _domain(view: FactView, domain: LabName, computers: list[str]) -> Tree:
    netbios = [fact for fact in view.of("directory.netbios") if _is_netbios(fact.value)]
    tree: dict[str, Any] = {"name": ToldValue(domain.name, _named("the domain", domain))}
    if netbios:
        tree["netbios"] = ToldValue(netbios[0].value.upper(), netbios[0].place)
    elif not _is_netbios(domain.name.split(".")[0][:15].rstrip("-")):
        tree["netbios"] = ToldValue("LAB", "the first label of the domain's name is no NetBIOS name of a domain")
    taken = {name.lower() for name in computers}
    netbios_name = str(tree["netbios"].value) if "netbios" in tree else domain.name.split(".")[0][:15].rstrip("-")
    for fact in view.of("directory.domain_controller"):
        label = fact.value.strip("\\").partition(".")[0].lower()
        if usable_computer(label) and label not in taken | {netbios_name.lower()}:
            return {**tree, "domain_controller": ToldValue(label, fact.place)}
    return tree


def _is_netbios(name: str) -> bool:
    return usable_computer(name) and "." not in name and name.lower() != CONTROLLER


def _tenant(view: FactView) -> Tree:
    name = federated_domain(view)
    tree: dict[str, Any] = {"name": ToldValue(name.name, _named("the tenant's federated domain", name))}
    for fact in guid_facts(view.of("tenant.id")):
        return {**tree, "id": ToldValue(_guid(fact.value), fact.place)}
    return tree


def _point(view: FactView) -> Tree:
    """Return the service connection point where the evidence tells both of its keywords."""
    name = federated_domain(view)
    ids = list(guid_facts(view.of("scp.id")))
    if not ids or name.because is None or name.because.key != "scp.name":
        return {}
    keywords = {
        "azureADName": ToldValue(name.name, name.because.place),
        "azureADId": ToldValue(_guid(ids[0].value), ids[0].place),
    }
    return {"service_connection_point": keywords}


def _guid(text: str) -> str:
    return str(uuid.UUID(text.strip().strip("{}")))


def _computers(view: FactView) -> Iterator[dict[str, Any]]:
    """Yield the computers, the one that joins first; each name and each objectGUID is there once."""
    device = device_name(view)
    names, guids = {device.name.lower()}, set[str]()
    accounts = {fact.of: fact for fact in view.matching("object.sam_account_name", r"\$$")}
    own = [of for of, fact in accounts.items() if fact.value.rstrip("$").lower() == device.name.lower()]
    yield _computer(view, own[0] if own else "", ToldValue(device.name, _named("the computer", device)), guids)
    for of, fact in accounts.items():
        name = fact.value.rstrip("$")
        if len(names) < LIMIT_COMPUTERS and usable_computer(name) and name.lower() not in names:
            names.add(name.lower())
            yield _computer(view, of, ToldValue(name, fact.place), guids, joins=False)


def _computer(view: FactView, of: str, name: ToldValue, taken: set[str], *, joins: bool = True) -> dict[str, Any]:
    """Write one computer; what is not told of it is as an administrator would have prepared it."""
    tree: dict[str, Any] = {"name": name}
    known = {fact.name: fact for fact in view.all if fact.about == "object" and fact.of == of and (of or joins)}
    own = [known[key] for key in ("object_guid",) if key in known] + (list(view.of("device.id")) if joins else [])
    guid = next((fact for fact in guid_facts(own) if _guid(fact.value) not in taken), None)
    if guid is not None:
        taken.add(_guid(guid.value))
        after = " (DeviceId)" if guid.about == "device" else ""
        tree["objectGUID"] = ToldValue(_guid(guid.value), f"{guid.place}{after}")
    if not joins and _is_disabled(known):
        why = at(known[key] for key in ("enabled", "account_control") if key in known)
        tree["enabled"] = ToldValue(value=False, why=why)
    tree.update(_anchor(known, guid, told=bool(of)))
    if known.get("certificates") is None:
        tree["userCertificate"] = ToldValue("self-signed", "not told: as Entra Connect needs it")
    elif known["certificates"].value.strip() != "0":
        tree["userCertificate"] = ToldValue("self-signed", f"{known['certificates'].place}; the lab's own certificate")
    tree.update(_types(known))
    return tree


def _is_disabled(known: dict[str, Fact]) -> bool:
    control = known.get("account_control")
    bits = int(control.value) if control is not None and re.fullmatch(r"[0-9]{1,9}", control.value) else 0
    return bool(bits & _DISABLED) or ("enabled" in known and known["enabled"].value.lower() == "false")


def _anchor(known: dict[str, Fact], guid: Fact | None, *, told: bool) -> Tree:
    """Return the source anchor: the evidence's, none where its object has none, the everyday one where none is told."""
    anchors = list(guid_facts(known[key] for key in ("consistency_guid",) if key in known))
    if anchors:
        same = guid is not None and _guid(anchors[0].value) == _guid(guid.value)
        return {
            "mS-DS-ConsistencyGuid": ToldValue(OWN_OBJECT_GUID if same else _guid(anchors[0].value), anchors[0].place)
        }
    if told and guid is not None and guid.about == "object":
        return {}
    return {"mS-DS-ConsistencyGuid": ToldValue(OWN_OBJECT_GUID, "not told: as Entra Connect writes it")}


def _types(known: dict[str, Fact]) -> Tree:
    types = types_of(known.get("encryption_types"))
    return {"msDS-SupportedEncryptionTypes": ToldValue(types, known["encryption_types"].place)} if types else {}
