"""A SAML 1.1 assertion, read by namespace (OASIS saml-core-1.1, section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One `saml:Attribute` as it came; `values` are the texts of its AttributeValue children, unstripped."""

    name: str
    namespace: str
    values: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One statement's subject."""

    name_identifier: str | None
    format: str | None
    confirmation_methods: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """A SAML assertion; `version` is `1.1`, `1.0` or `2.0`, and times that do not parse are None."""

    version: str
    assertion_id: str
    issuer: str
    issue_instant: datetime | None
    not_before: datetime | None
    not_on_or_after: datetime | None
    has_conditions: bool
    audiences: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    subjects: tuple[Subject, ...]
    authentication_method: str | None
    authentication_instant: datetime | None
    has_signature: bool
    line: int
