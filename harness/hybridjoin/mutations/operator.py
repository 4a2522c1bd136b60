"""What a mutation is: one single fault put into a good assertion, as data and up to three small functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Protocol

from hybridjoin.mutations.tree import Element


class Area(StrEnum):
    """What part of the assertion a mutation is about."""

    CLAIMS = "claims"
    SUBJECT = "subject"
    CONDITIONS = "conditions"
    STATEMENT = "statement"
    SIGNATURE = "signature"
    STRUCTURE = "structure"


class Key(StrEnum):
    """Whose key, or whose certificate: the identity provider's, somebody else's, or none."""

    OWN = "own"
    STRANGERS = "stranger's"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How a mutant is signed; as it stands, the way the good assertion was.

    `reference` is the Reference's URI where it is not the AssertionID's; with `xpath` a third transform chooses all;
    `times` is how many signatures one after another are put in.
    """

    key: Key = Key.OWN
    certificate: Key = Key.OWN
    sha1: bool = False
    inclusive: bool = False
    first: bool = False
    reference: str | None = None
    xpath: bool = False
    times: int = 1

    @property
    def manner(self) -> Mapping[str, object]:
        """What a signer is told about one signature, as plain keywords: it is not part of this room."""
        return {name: value for name, value in asdict(self).items() if name != "times"}


AS_USUAL = Signing()


class Sign(Protocol):
    """Signs an assertion in place: the business of whoever has the key and a library for it."""

    def __call__(self, assertion: Element, **manner: object) -> None:
        """Put an enveloped signature into the assertion, in the manner that `Signing.manner` says."""


Bend = Callable[[Element], None]
Wrap = Callable[[Element], tuple[Element, ...]]
Reason = Callable[[Element], str]


def always(assertion: Element) -> str:
    """Apply to every assertion."""
    del assertion
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One single fault.

    `bend` changes what is said before it is signed, `signing` how it is signed, `spoil` what is left afterwards, and
    `wrap` what finally stands in the response where that is more than the assertion. All work on a copy. `applies`
    gives the reason why an assertion cannot be bent so, or nothing.

    `touches` names what is changed, so that two faults of a pair do not undo one another. `catches` are the
    requirements that are there for this fault, each of which has to speak; none are given where `harmless` says why
    the mutant is as good as the original.
    """

    id: str
    sentence: str
    area: Area
    touches: frozenset[str]
    catches: frozenset[str] = frozenset()
    harmless: str = ""
    applies: Reason = always
    bend: Bend | None = None
    signing: Signing = AS_USUAL
    spoil: Bend | None = None
    wrap: Wrap | None = None

    @property
    def is_about_content(self) -> bool:
        """Whether only what is said changes, and the signature is as good as ever."""
        return self.bend is not None and self.signing == AS_USUAL and self.spoil is None and self.wrap is None


class CannotApply(ValueError):
    """The good assertion has nothing that this mutation could bend; `reason` says what."""

    def __init__(self, mutation: str, reason: str) -> None:
        self.reason = reason
        super().__init__(f"{mutation} cannot be put into this assertion: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """An assertion with a fault, as the tokens of one response: whole octets, the first is what a device takes."""

    operators: tuple[Operator, ...]
    tokens: tuple[bytes, ...]

    @property
    def id(self) -> str:
        """The mutation's id, both of a pair."""
        return " + ".join(item.id for item in self.operators)
