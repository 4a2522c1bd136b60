"""Reads what goes into a token: attribute mappings, what is changed about the profile's own, and the subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from hybridjoin.doubles.idp.mapping import (
    PROFILES,
    AttributeMapping,
    SubjectMapping,
    UserType,
    default_mappings,
    default_subject,
    default_user_types,
    expression_problem,
    references_of,
)
from hybridjoin.doubles.settings import Reader, near

KERBEROS_REFERENCES = ("kerberos.principal", "kerberos.account", "kerberos.realm", "kerberos.upn")


class Expressions:
    """Finds misspelled names: at run time an unknown attribute is NULL, and the claim would silently be left out."""

    def __init__(self, user_types: Iterable[UserType]) -> None:
        own = tuple(user_types)
        types = (*own, *(item for profile in PROFILES for item in default_user_types(profile)))
        self._names = {f"user.{name}" for item in types for name, _ in item.profile} | set(KERBEROS_REFERENCES)
        self._user_types = {item.name for item in own}

    def text(self, reader: Reader, key: str, *, default: str) -> str:
        """Return an expression."""
        text = reader.text(key, default=default)
        if text != default:
            self._check(reader, key, (text,))
        return text

    def texts(self, reader: Reader) -> tuple[str, ...] | None:
        """Return the expressions of `value` or `values`, of which one may be given; None where neither is."""
        several, single = reader.has("values"), reader.has("value")
        if several and single:
            reader.mistake("values", "give either value (one expression) or values (several), not both")
        if not several and not single:
            return None
        values = reader.texts("values") if several else (reader.text("value", empty=True),)
        self._check(reader, "values" if several else "value", values)
        return values

    def user_types(self, reader: Reader, key: str) -> tuple[str, ...]:
        """Return names of user types."""
        names = reader.texts(key, default=())
        for name in names:
            _known(reader, key, name, self._user_types)
        return names

    def _check(self, reader: Reader, key: str, texts: Iterable[str]) -> None:
        for text in texts:
            problem = expression_problem(text) if text else None
            if problem:
                reader.mistake(key, problem)
        for name in references_of(texts):
            if not name.startswith("ldap."):
                _known(reader, key, name, self._names)


def read_subject(reader: Reader, profile: str, expressions: Expressions) -> SubjectMapping:
    """Read the subject; what is not given is the profile's."""
    default = default_subject(profile)

    def subject(section: Reader) -> SubjectMapping:
        return SubjectMapping(
            expression=expressions.text(section, "expression", default=default.expression),
            format=section.text("format", default=default.format),
        )

    return reader.optional("subject", subject) or default


def read_mappings(
    reader: Reader, profile: str, issuer_id: str, expressions: Expressions
) -> tuple[AttributeMapping, ...]:
    """Read the attribute mappings, or change the profile's own: `claims` by their names, `extra_claims` behind them."""
    mapping = partial(_mapping, expressions=expressions)
    mappings = reader.each("mappings", mapping)
    if not reader.has("mappings"):
        mappings = default_mappings(profile, issuer_id=issuer_id)
    names = [item.name for item in mappings]
    for name, change in reader.named("claims", partial(_change, expressions=expressions)):
        if name not in names:
            reader.mistake(f"claims.{name}", f"the profile issues no claim of that name{near(name, names)}")
        mappings = tuple(_changed(mappings, name, change))
    return (*mappings, *reader.each("extra_claims", mapping))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What is different about one attribute; None leaves it as it is."""

    drop: bool
    duplicate: bool
    name: str | None
    namespace: str | None
    values: tuple[str, ...] | None


def _change(reader: Reader, *, expressions: Expressions) -> _Change:
    return _Change(
        drop=reader.flag("drop", default=False),
        duplicate=reader.flag("duplicate", default=False),
        name=reader.text("name") if reader.has("name") else None,
        namespace=reader.text("namespace", empty=True) if reader.has("namespace") else None,
        values=expressions.texts(reader),
    )


def _changed(mappings: Iterable[AttributeMapping], name: str, change: _Change) -> Iterator[AttributeMapping]:
    for item in mappings:
        if item.name != name:
            yield item
        elif not change.drop:
            changed = replace(
                item,
                name=item.name if change.name is None else change.name,
                namespace=item.namespace if change.namespace is None else change.namespace,
                values=item.values if change.values is None else change.values,
            )
            yield from (changed, changed) if change.duplicate else (changed,)


def _mapping(reader: Reader, *, expressions: Expressions) -> AttributeMapping:
    values = expressions.texts(reader)
    if values is None:
        reader.mistake("values", "give either value (one expression) or values (several), found neither")
    return AttributeMapping(
        name=reader.text("name"),
        namespace=reader.text("namespace", empty=True),
        values=values or (),
        only_for=expressions.user_types(reader, "only_for"),
        original_issuer=reader.text("original_issuer", default=""),
    )


def _known(reader: Reader, key: str, name: str, known: set[str]) -> None:
    if name not in known:
        reader.mistake(key, f"nothing is called {name!r}{near(name, sorted(known))}")
