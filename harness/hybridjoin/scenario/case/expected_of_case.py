"""What must come of a case's scenario: the symptom, as far as this device can show it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from hybridjoin.intake.case.conclusions import Road
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.intake.case.view import FactView
from hybridjoin.scenario.case.told_yaml import ToldValue, Tree, at
from hybridjoin.scenario.vocabulary import AADSTS

_SCREEN: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"TenantInfo::Discover failed with error code 0x[0-9a-f]{8}\.",
        r"AutoEnrollAsComputer: Unable to retrieve access token\. .* failed with error 0x[0-9a-f]{8}\.",
        r"Federated ADRS join failed with error 0x[0-9a-f]{8}\.(?: Try synchronized join\.)?",
        r"AzureAdJoined : (?:YES|NO)",
    )
)
# What this device does not print, for it makes no pre-check: it goes on, and ends where it reads the directory.
_NOT_PRINTED: Final = frozenset({"0x8007054b"})
_JOINS: Final[Mapping[Road, str]] = MappingProxyType(
    {
        Road.FALLBACK: "synchronized",
        Road.SYNCHRONIZED: "synchronized",
        Road.NOT_JOINED: "failed",
    }
)


def expected(view: FactView, symptom: Symptom | None) -> Tree:
    """Return what is expected; without a symptom it is a sound join."""
    if symptom is None:
        return {"join": ToldValue("federated")}
    tree: dict[str, Any] = {}
    if symptom.road in _JOINS:
        tree["join"] = ToldValue(_JOINS[symptom.road], at(symptom.because))
    if symptom.road is Road.SYNCHRONIZED and not symptom.code:
        return {**tree, "step": ToldValue("realm")}
    if symptom.phase == "join" and _of_the_synchronized_join(view):
        told = {**_fallback(symptom), **_lines(symptom)}
    else:
        told = {**_phase(symptom), **_codes(symptom), **_lines(symptom)}
    return {**tree, **told} or {"join": ToldValue("failed", "a failure is told of, and nothing else")}


def _phase(symptom: Symptom) -> Tree:
    if symptom.phase == "pre-check":
        return {"phase": ToldValue("discover", "Windows ends in its pre-check; this device makes none, and ends here")}
    return {"phase": ToldValue(symptom.phase)} if symptom.phase in {"discover", "auth", "join"} else {}


def _codes(symptom: Symptom) -> Tree:
    tree: dict[str, Any] = {}
    if symptom.aadsts is not None:
        known = str(symptom.aadsts) in AADSTS
        tree["step"] = ToldValue("token", "" if known else f"the lab's Entra never answers AADSTS{symptom.aadsts}")
        if known:
            tree["aadsts"] = ToldValue(symptom.aadsts)
    if _is_printed(symptom.code):
        tree["code"] = ToldValue(int(symptom.code, 16), code=True)
    if symptom.http_status is not None:
        tree["http_status"] = ToldValue(symptom.http_status)
    return tree


def _is_printed(code: str) -> bool:
    return re.fullmatch(r"0x[0-9a-f]{8}", code) is not None and code not in _NOT_PRINTED


def _of_the_synchronized_join(view: FactView) -> bool:
    """Tell whether the registration that failed was not that of a federated join."""
    after = view.has("attempt.sync_failed") or view.matching("last_attempt.registration_type", "sync")
    return bool(after) or not view.matching("realm.type", "^Federated$")


def _fallback(symptom: Symptom) -> Tree:
    tree = {"step": ToldValue("sync-join", "the registration that failed is that of the synchronized join")}
    if _is_printed(symptom.code):
        tree["code"] = ToldValue(int(symptom.code, 16), code=True)
    return {"fallback": tree}


def _lines(symptom: Symptom) -> Tree:
    screen = list(_screen(symptom))
    return {"screen": ToldValue(screen)} if screen else {}


def _screen(symptom: Symptom) -> Iterator[str]:
    """Yield the lines that tell the end, each as it stands on the screen."""
    text = "\n".join(" ".join(line.split()) for line in symptom.transcript)
    for pattern in _SCREEN:
        found = pattern.search(text)
        if found is not None and "[masked" not in found[0]:
            yield found[0]
