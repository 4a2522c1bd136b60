"""The scenario of a case: the customer's computer in the case's lab, what the evidence proves, and the symptom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hybridjoin.intake.case.conclusions import Road
from hybridjoin.intake.case.lab_names import device_name, guid_facts
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files.fact import Fact
from hybridjoin.scenario.case.expected_of_case import expected
from hybridjoin.scenario.case.told_yaml import ToldValue, Tree, at, told_yaml

LAB_NAME: Final = "case.lab.yaml"
SCENARIO_NAME: Final = "case.scenario.yaml"

_SAFE: Final = re.compile(r"[!#-~]{1,200}")
_NEWER: Final = (
    ("attempt.inner_code", "0x801c03f3"), ("attempt.join_code", "0x801c03f3"), ("attempt.join_error_subcode", "."),
    ("last_attempt.client_code", "0x801c03f3"), ("last_attempt.server_subcode", "."), ("status.kerberos_ticket", "."),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenChange:
    """A change of the scenario that the evidence proves: the file's own keys, a sentence, and the facts."""

    change: Mapping[str, object]
    sentence: str
    because: tuple[Fact, ...]


def scenario_body(view: FactView, symptom: Symptom | None, proven: Iterable[ProvenChange] = ()) -> bytes:
    """Write the scenario of these facts: what they prove is in it, and what comes of it has to be the symptom."""
    title = f"What the evidence shows: {told(symptom)}" if symptom is not None else "The computer of the evidence joins"
    tree: dict[str, Any] = {
        "id": ToldValue("case"),
        "title": ToldValue(title),
        "tags": ToldValue(["case"]),
        "lab": ToldValue(LAB_NAME),
        "device": _device(view, symptom),
        "idp": _idp(view),
    }
    left_out = _not_synchronized(view, symptom)
    if left_out:
        tree["entra"] = left_out
    for item in proven:
        _lay(tree, item.change, f"{item.sentence} {at(item.because)}")
    tree["expect"] = expected(view, symptom)
    return told_yaml({key: node for key, node in tree.items() if node}, head=_head(view, symptom))


def told(symptom: Symptom) -> str:
    """Tell a symptom in a line."""
    roads = {
        Road.FALLBACK: "joined by the fallback after the federated join failed",
        Road.SYNCHRONIZED: "joined as in a managed domain, although a domain is federated",
        Road.NOT_JOINED: "not joined",
    }
    words = [roads.get(symptom.road, "failed, and how it ended is not told")]
    words += [f"phase {symptom.phase}"] if symptom.phase else []
    words += [symptom.code] if symptom.code else []
    words += [f"AADSTS{symptom.aadsts}"] if symptom.aadsts is not None else []
    words += [f"HTTP {symptom.http_status}"] if symptom.http_status is not None else []
    return ", ".join(words)


def _head(view: FactView, symptom: Symptom | None) -> Iterator[str]:
    yield "The customer's failure as a scenario. The comment above a line is the place in the evidence that tells it."
    yield f"To run it: hybridjoin run {SCENARIO_NAME}"
    if symptom is None:
        yield "Nothing is known to have failed: this is the computer of the evidence and its lab, in good health."
    yield "The lab runs at today's time, with certificates and tickets of its own: no moment of the evidence is set."
    for fact in view.of("federation.metadata_exchange_uri")[:1]:
        yield f"The metadata's address ({fact.place}) is the lab's own here: what a path of it changes is said below."


def _device(view: FactView, symptom: Symptom | None) -> Tree:
    name = device_name(view)
    tree: dict[str, Any] = {"name": ToldValue(name.name, name.because.place if name.because is not None else "")}
    newer = [fact for key, pattern in _NEWER for fact in view.matching(key, pattern)]
    if newer:
        tree["windows"] = ToldValue("11-24h2", f"only newer builds print this: {newer[0].place}")
    ended = symptom is not None and symptom.road is Road.NOT_JOINED and symptom.phase == "auth"
    if ended and not view.has("attempt.fallback_tried"):
        off = view.matching("client.fallback", "^DISABLED$")
        why = at(off) if off else "no fallback is told of, and the computer is not joined"
        tree["fallback"] = ToldValue(value=False, why=why)
    names, ids = view.of("scp.client_name"), list(guid_facts(view.of("scp.client_id")))
    if names and ids and _SAFE.fullmatch(names[0].value) and "${" not in names[0].value:
        tree["client_side_scp"] = {
            "tenant_name": ToldValue(names[0].value, names[0].place),
            "tenant_id": ToldValue(ids[0].value.strip("{}").lower(), ids[0].place),
        }
    return tree


def _idp(view: FactView) -> Tree:
    """Return whose product it looks like, and which attribute it has to take the anchor from."""
    adfs = [fact for fact in (*view.of("federation.metadata_exchange_uri"), *view.of("federation.issuer_uri"))
            if "/adfs/" in fact.value.lower()]  # fmt: skip
    tree: dict[str, Any] = {
        "profile": ToldValue("adfs", at(adfs[:1])) if adfs else ToldValue("pingone", "as any other than AD FS")
    }
    objects = {fact.of for fact in view.of("object.object_guid") if fact.of}
    anchored = {fact.of for fact in view.of("object.consistency_guid")}
    bare = [fact for fact in view.matching("object.sam_account_name", r"\$$") if fact.of in objects - anchored]
    if bare and not adfs:
        tree["external_id"] = ToldValue("objectGUID", f"the computer has no mS-DS-ConsistencyGuid: {bare[0].place}")
    return tree


def _not_synchronized(view: FactView, symptom: Symptom | None) -> Tree:
    """Leave the computer out of synchronization where its fallback was refused for it."""
    refused = view.of("attempt.sync_failed")
    missing = [
        fact
        for key in ("attempt.join_error_subcode", "last_attempt.server_subcode")
        for fact in view.matching(key, "error_missing_device")
    ] or list(view.matching("attempt.sync_failed", "0x801c03f[23]"))
    if symptom is None or symptom.road is not Road.NOT_JOINED or not (refused and missing):
        return {}
    return {"connect": {"exclude": ToldValue([device_name(view).name], f"its fallback was refused: {at(missing[:1])}")}}


def _lay(tree: dict[str, Any], change: Mapping[str, object], why: str) -> None:
    """Lay a change over a tree: mappings are merged, lists go on, and whatever else stands there is replaced."""
    for key, value in change.items():
        here = tree.get(key)
        if isinstance(value, Mapping) and value and not isinstance(here, ToldValue):
            inner = dict(here) if isinstance(here, Mapping) else {}
            _lay(inner, value, why)
            tree[key] = inner
        elif isinstance(value, list) and isinstance(here, ToldValue) and isinstance(here.value, list):
            more = [item for item in value if item not in here.value]
            tree[key] = ToldValue([*here.value, *more], f"{here.why} {why}" if more else here.why)
        else:
            tree[key] = ToldValue(value, why)
