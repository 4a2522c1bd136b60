"""Mutations under older names, with options that settle which operator it is and how far it goes.

Scenarios say `expired-window: {by_s: 600}`; what is then put into the assertion is `conditions-expired`, by that much.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from hybridjoin.mutations.catalogue import BY_ID
from hybridjoin.mutations.operator import Bend, Operator
from hybridjoin.mutations.parts import need, put, saml
from hybridjoin.mutations.signatures import value_changed
from hybridjoin.mutations.tree import Element
from hybridjoin.mutations.values import read_instant, write_instant

Options = Mapping[str, object]
"""What was chosen, by the choices' names; nothing is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that may be chosen, a text or a whole number; `choices` closes the set where it is closed."""

    name: str
    default: str | int
    sentence: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFault:
    """A name for a mutation, with what may be chosen about it; `operator` returns the mutation as chosen."""

    name: str
    sentence: str
    operator: Callable[[Options], Operator]
    choices: tuple[Choice, ...] = ()

    @property
    def usual(self) -> Operator:
        """The mutation where nothing is chosen."""
        return self.operator({choice.name: choice.default for choice in self.choices})


def _same_as(name: str, mutation: str, sentence: str) -> NamedFault:
    return NamedFault(name=name, sentence=sentence, operator=lambda _: BY_ID[mutation])


def _one_of(name: str, sentence: str, choice: Choice, **mutations: str) -> NamedFault:
    return NamedFault(
        name=name,
        sentence=sentence,
        choices=(choice,),
        operator=lambda options: BY_ID[mutations[str(options[choice.name])]],
    )


def _farther(name: str, mutation: str, sentence: str, bend: Callable[[Options], Bend], *choices: Choice) -> NamedFault:
    """Name a mutation that is bent as far as the options say."""
    return NamedFault(
        name=name,
        sentence=sentence,
        choices=choices,
        operator=lambda options: replace(BY_ID[mutation], bend=bend(options)),
    )


def _ended(options: Options) -> Bend:
    def bend(assertion: Element) -> None:
        conditions = need(next(assertion.iterchildren(saml("Conditions")), None))
        begin, end = (read_instant(conditions.get(name)) for name in ("NotBefore", "NotOnOrAfter"))
        if begin is not None and end is not None:
            _move(conditions, begin - end - _by(options))

    return bend


def _begins(options: Options) -> Bend:
    return lambda assertion: _move(need(next(assertion.iterchildren(saml("Conditions")), None)), _by(options))


def _by(options: Options) -> timedelta:
    return timedelta(seconds=int(str(options["by_s"])))


def _move(conditions: Element, step: timedelta) -> None:
    for name in ("NotBefore", "NotOnOrAfter"):
        text = conditions.get(name)
        moment = read_instant(text)
        if moment is not None:
            conditions.set(name, write_instant(moment + step, like=text))


def _audience(options: Options) -> Bend:
    def bend(assertion: Element) -> None:
        for audience in assertion.iter(saml("Audience")):
            put(audience, str(options["audience"]))

    return bend


def _tampered(options: Options) -> Operator:
    if options["what"] == "attribute":
        return value_changed(str(options["attribute"]))
    return BY_ID["signature-instant-changed"]


NAMED: tuple[NamedFault, ...] = (
    _farther("expired-window", "conditions-expired", "The Conditions window has ended.", _ended,
             Choice(name="by_s", default=3600, sentence="How long ago, in seconds.")),
    _farther("future-window", "conditions-future", "The Conditions window has not begun.", _begins,
             Choice(name="by_s", default=3600, sentence="How far off, in seconds.")),
    _farther("wrong-audience", "audience-other", "The assertion is restricted to another audience.", _audience,
             Choice(name="audience", default="urn:federation:SomebodyElse", sentence="The audience.")),
    _farther("wrong-issuer", "issuer-other", "The assertion names another issuer.",
             lambda options: lambda assertion: assertion.set("Issuer", str(options["issuer"])),
             Choice(name="issuer", default="https://somebody-else.example/issuer", sentence="The issuer.")),
    _same_as("no-conditions", "conditions-missing", "The assertion has no Conditions."),
    _same_as("holder-of-key", "confirmation-holder-of-key",
             "The subject confirmation method is holder-of-key instead of bearer."),
    _one_of("wrong-signing-key", "The assertion is signed with a key that belongs to nobody.",
            Choice(name="certificate", default="own", choices=("own", "configured"),
                   sentence="The certificate in KeyInfo: that key's own, or the IdP's."),
            own="signature-strangers", configured="signature-wrong-key"),
    _same_as("sha1-signature", "signature-sha1", "The assertion is signed with RSA-SHA1 and digested with SHA-1."),
    _same_as("unsigned", "signature-removed", "The assertion has no signature."),
    NamedFault(
        name="tampered-after-signing",
        sentence="One value of the assertion is changed after signing.",
        operator=_tampered,
        choices=(
            Choice(name="what", default="authentication-instant", sentence="Which value.",
                   choices=("authentication-instant", "attribute")),
            Choice(name="attribute", default="primarysid", sentence="Which attribute, where an attribute is chosen."),
        ),
    ),
    _one_of("line-breaks-in-signature", "The signature value and the certificate are broken into lines.",
            Choice(name="ending", default="lf", choices=("lf", "crlf"), sentence="What ends a line."),
            lf="signature-line-breaks-lf", crlf="signature-line-breaks-crlf"),
    _same_as("no-certificate", "signature-no-certificate", "The signature has no KeyInfo."),
    _same_as("inclusive-c14n", "signature-inclusive",
             "The signature is made with inclusive canonicalization instead of the exclusive one."),
    _same_as("whole-document-reference", "signature-whole-document",
             "The signature's Reference has an empty URI instead of the AssertionID's."),
)  # fmt: skip
