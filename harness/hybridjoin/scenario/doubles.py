"""What a scenario asks of the doubles, as the plain mappings that their configurations are read from.

Only what the scenario bends stands in them; keys, certificates, LDAP gateways and addresses are the lab's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hybridjoin.doubles.idp.mapping import AttributeMapping, default_mappings, default_subject, default_user_types
from hybridjoin.scenario.scenario import ClaimChange, EntraSettings, FaultUse, IdpSettings

DEFAULT_PROFILE = "pingone"


def idp_mapping(settings: IdpSettings) -> dict[str, object]:
    """Return the IdP's part: fields of its configuration, and for the lab `mex`, the MEX that the tenant knows."""
    profile = settings.profile or DEFAULT_PROFILE
    mapping: dict[str, object] = {
        "profile": profile,
        "mappings": [item.as_mapping() for item in _mappings(settings, profile)],
        "subject": _subject(settings, profile),
        "faults": _faults(settings.faults),
    }
    if settings.external_id is not None:
        types = default_user_types(profile, external_id=settings.external_id)
        mapping["user_types"] = [item.as_mapping() for item in types]
    plain = {
        "service_host": settings.host,
        "mex": settings.mex,
        "trust_versions": list(settings.trust_versions) if settings.trust_versions else None,
        "issuer": settings.issuer,
        "issuer_id": settings.issuer_id,
        "audience": settings.audience,
        "lifetime_s": settings.lifetime_s,
    }
    return mapping | {key: value for key, value in plain.items() if value is not None}


def entra_mapping(settings: EntraSettings) -> dict[str, object]:
    """Return Entra's part: fields of its configuration, `domain` and `connect` with single entries only."""
    domain = {
        "authentication": settings.authentication,
        "issuer_uri": settings.issuer_uri,
        "metadata_exchange_uri": settings.metadata_exchange_uri,
    }
    mapping: dict[str, object] = {
        "faults": _faults(settings.faults),
        "domain": {key: value for key, value in domain.items() if value is not None},
        "connect": {"exclude": list(settings.exclude)},
    }
    if settings.source_anchor is not None:
        mapping["source_anchor"] = settings.source_anchor
    return mapping


def _mappings(settings: IdpSettings, profile: str) -> tuple[AttributeMapping, ...]:
    mappings = default_mappings(profile, issuer_id=settings.issuer_id or "")
    for change in settings.claims:
        mappings = tuple(_changed(mappings, change))
    extra = (
        AttributeMapping(name=item.name, namespace=item.namespace, values=item.values) for item in settings.extra_claims
    )
    return (*mappings, *extra)


def _changed(mappings: Iterable[AttributeMapping], change: ClaimChange) -> Iterable[AttributeMapping]:
    for item in mappings:
        if item.name != change.claim:
            yield item
            continue
        if change.drop:
            continue
        changed = replace(
            item,
            name=change.name if change.name is not None else item.name,
            namespace=change.namespace if change.namespace is not None else item.namespace,
            values=change.values if change.values is not None else item.values,
        )
        yield changed
        if change.duplicate:
            yield changed


def _subject(settings: IdpSettings, profile: str) -> dict[str, object]:
    subject = default_subject(profile)
    expression, wanted = settings.subject_value, settings.subject_format
    return replace(
        subject,
        expression=subject.expression if expression is None else expression,
        format=subject.format if wanted is None else wanted,
    ).as_mapping()


def _faults(faults: Iterable[FaultUse]) -> list[Mapping[str, object]]:
    return [
        {
            "name": fault.name,
            "options": {key: list(value) if isinstance(value, tuple) else value for key, value in fault.options},
        }
        for fault in faults
    ]
