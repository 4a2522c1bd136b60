"""The names that a scenario may use, from those who own them: claims, and the doubles' faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.doubles.entra.faults import FAULTS as ENTRA_FAULTS
from hybridjoin.doubles.idp.faults import FAULTS as IDP_FAULTS
from hybridjoin.doubles.idp.mapping import PROFILES, default_mappings, expression_problem
from hybridjoin.errors import Mistake
from hybridjoin.scenario.scenario_schema import (
    ClaimChangeModel,
    ExtraClaimModel,
    FaultModel,
    ScenarioModel,
    SubjectModel,
)
from hybridjoin.scenario.yaml.source import DataPath, Positions
from hybridjoin.scenario.yaml.validate import describe, nearest

SUBJECT: Final = "Subject"

CLAIMS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(item.name for profile in PROFILES for item in default_mappings(profile, issuer_id="urn:any"))
)
"""The attributes that the profiles of the reference IdP issue: what a scenario may change."""

EXPECTED_CLAIMS: Final[tuple[str, ...]] = (*CLAIMS, SUBJECT)
"""What may stand under `expect: claims:`."""


Problem = Callable[[object], str]
"""Says what is wrong with an option's value, or nothing."""


def _same_kind(default: object) -> Problem:
    def problem(value: object) -> str:
        return "" if _kind(value) == _kind(default) else f"expected {_kind(default)}, found {describe(value)}"

    return problem


FAULTS: Final[Mapping[str, Mapping[str, Mapping[str, Problem]]]] = MappingProxyType(
    {
        "idp": {name: {each.name: each.problem for each in fault.options} for name, fault in IDP_FAULTS.items()},
        "entra": {
            name: {key: _same_kind(default) for key, default in fault.options.items()}
            for name, fault in ENTRA_FAULTS.items()
        },
    }
)
"""The doubles' faults: for each the options it has, and what each option takes."""

SENTENCES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "idp": {name: fault.sentence for name, fault in IDP_FAULTS.items()},
        "entra": {name: fault.sentence for name, fault in ENTRA_FAULTS.items()},
    }
)
"""What each fault does, for editors."""


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
    fault: FaultModel, path: DataPath, known: Mapping[str, Mapping[str, Problem]], positions: Positions
) -> Iterator[Mistake]:
    if fault.name not in known:
        place = positions.key((*path, fault.name))
        yield Mistake(place=place, problem=f"unknown fault '{fault.name}'", hint=nearest(fault.name, known))
        return
    options = known[fault.name]
    for option, value in fault.options.items():
        here = (*path, fault.name, option)
        if option not in options:
            hint = nearest(option, options) or "it has no options"
            problem = f"the fault '{fault.name}' has no option '{option}'"
            yield Mistake(place=positions.key(here), problem=problem, hint=hint)
        elif words := options[option](value):
            yield Mistake(place=positions.value(here), problem=words)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    return "a list" if isinstance(value, (list, tuple)) else "text"
