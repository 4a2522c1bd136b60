"""The names that a scenario may use, from those who own them: claims, and the doubles' faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Final

from hybridjoin.doubles.entra.autologon.rules import AUTOLOGON_RULES
from hybridjoin.doubles.entra.browser.rules import BROWSER_RULES, in_browser
from hybridjoin.doubles.entra.faults import FAULTS as ENTRA_FAULTS
from hybridjoin.doubles.entra.faults import THROTTLED_CODE, UNAVAILABLE_CODE
from hybridjoin.doubles.entra.logon_rules import LOGON_RULES
from hybridjoin.doubles.entra.oidc.rules import OPENID_RULES
from hybridjoin.doubles.entra.refusals import REFUSALS
from hybridjoin.doubles.entra.rules import RULES
from hybridjoin.doubles.fault import Fault, by_name
from hybridjoin.doubles.idp.faults import FAULTS as IDP_FAULTS
from hybridjoin.doubles.idp.mapping import PROFILES, default_mappings, expression_problem
from hybridjoin.errors import Mistake
from hybridjoin.model.dial.table import DIAL as ROWS
from hybridjoin.mutations import entry
from hybridjoin.scenario.scenario_schema import (
    ClaimChangeModel,
    ExtraClaimModel,
    FaultModel,
    ScenarioModel,
    SubjectModel,
)
from hybridjoin.scenario.yaml.source import DataPath, Positions
from hybridjoin.scenario.yaml.validate import nearest

SUBJECT: Final = "Subject"
LISTED: Final = "hybridjoin list faults names them all"

CLAIMS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(item.name for profile in PROFILES for item in default_mappings(profile, issuer_id="urn:any"))
)
"""The attributes that the profiles of the reference IdP issue: what a scenario may change."""

EXPECTED_CLAIMS: Final[tuple[str, ...]] = (*CLAIMS, SUBJECT)
"""What may stand under `expect: claims:`."""


MUTATIONS: Final[Mapping[str, Fault]] = by_name(map(Fault.described, entry.faults()))
"""The faults of an assertion that the lab hands to the identity provider."""

FAULTS: Final[Mapping[str, Mapping[str, Fault]]] = MappingProxyType(
    {"idp": {**IDP_FAULTS, **MUTATIONS}, "entra": ENTRA_FAULTS}
)
"""The doubles' faults by the section of the file that may ask for them."""


DIAL: Final[Mapping[str, Fault]] = by_name(
    Fault.described(
        {"name": row.name, "area": row.area, "sentence": row.sentence, "options": list(map(asdict, row.options))}
    )
    for row in ROWS.values()
)
"""The rows of the dial, as a scenario file names them."""


def _aadsts() -> Mapping[str, tuple[str, ...]]:
    """Collect what makes the double answer each code."""
    causes: dict[str, list[str]] = {}
    told = [(rule.code, rule.trigger) for rule in RULES]
    told += [(rule.code, rule.trigger) for rule in OPENID_RULES]
    told += [(rule.code, rule.trigger) for rule in (*LOGON_RULES.values(), *AUTOLOGON_RULES.values())]
    for code, trigger in told:
        causes.setdefault(str(code), []).append(trigger)
    for code, fault in ((THROTTLED_CODE, "throttled"), (UNAVAILABLE_CODE, "server-error")):
        causes.setdefault(str(code), []).append(f"The fault `{fault}` strikes at the token endpoint.")
    for code in REFUSALS:
        causes.setdefault(str(code), []).append("The fault `refused-with` names this code.")
    return MappingProxyType({code: tuple(causes[code]) for code in sorted(causes, key=int)})


AADSTS: Final[Mapping[str, tuple[str, ...]]] = _aadsts()
"""The AADSTS codes that the Entra double can answer at its token endpoint, each with the sentences that bring it."""


def _browser_aadsts() -> Mapping[str, tuple[str, ...]]:
    """Collect what makes the double answer a browser with each code."""
    causes: dict[str, list[str]] = {}
    for rule in (*BROWSER_RULES, *map(in_browser, RULES)):
        causes.setdefault(str(rule.code), []).append(f"To a browser: {rule.trigger}")
    return MappingProxyType({code: tuple(causes[code]) for code in sorted(causes, key=int)})


BROWSER_AADSTS: Final[Mapping[str, tuple[str, ...]]] = _browser_aadsts()
"""The AADSTS codes that the Entra double can answer a browser with, each with the sentences that bring it."""


def mistakes_of_names(model: ScenarioModel, positions: Positions) -> Iterator[Mistake]:
    """Name the claims, faults and fault options that nobody knows, with the nearest that somebody does."""
    for claim in model.idp.claims:
        if claim not in CLAIMS:
            hint = nearest(claim, CLAIMS)
            yield Mistake(place=positions.key(("idp", "claims", claim)), problem=f"unknown claim '{claim}'", hint=hint)
        yield from _expression_mistakes(model.idp.claims[claim], ("idp", "claims", claim), positions)
    for index, extra in enumerate(model.idp.extra_claims):
        yield from _expression_mistakes(extra, ("idp", "extra_claims", index), positions)
    if model.idp.subject:
        yield from _expression_mistakes(model.idp.subject, ("idp", "subject"), positions)
    for section, faults in (("idp", model.idp.faults), ("entra", model.entra.faults)):
        for index, fault in enumerate(faults):
            yield from _fault_mistakes(fault, (section, "faults", index), FAULTS[section], positions)
    for index, bend in enumerate(model.dial):
        yield from _fault_mistakes(bend, ("dial", index), DIAL, positions, what="row of the dial", listed="dial")


def _expression_mistakes(
    model: ClaimChangeModel | ExtraClaimModel | SubjectModel, path: DataPath, positions: Positions
) -> Iterator[Mistake]:
    texts: list[tuple[DataPath, str]] = [(("value",), model.value)] if model.value is not None else []
    many = model.values if not isinstance(model, SubjectModel) else None
    texts += [(("values", index), text) for index, text in enumerate(many or ())]
    for tail, text in texts:
        problem = expression_problem(text)
        if problem:
            hint = "a literal text stands in quotation marks of its own, as '\"DJ\"'" if '"' not in text else ""
            yield Mistake(place=positions.value((*path, *tail)), problem=problem, hint=hint)


def _fault_mistakes(
    model: FaultModel,
    path: DataPath,
    known: Mapping[str, Fault],
    positions: Positions,
    *,
    what: str = "fault",
    listed: str = "faults",
) -> Iterator[Mistake]:
    fault = known.get(model.name)
    if fault is None:
        place = positions.key((*path, model.name))
        hint = nearest(model.name, known) or f"hybridjoin list {listed} names them all"
        yield Mistake(place=place, problem=f"unknown {what} '{model.name}'", hint=hint)
        return
    names = [option.name for option in fault.options]
    for name, value in model.options.items():
        here, option = (*path, model.name, name), fault.option(name)
        if option is None:
            hint = nearest(name, names) or "it has no options"
            problem = f"the {what} '{model.name}' has no option '{name}'"
            yield Mistake(place=positions.key(here), problem=problem, hint=hint)
        elif words := option.problem(value):
            yield Mistake(place=positions.value(here), problem=words)
