"""Makes mutants: takes the old signature off, bends, signs again, spoils, wraps."""

from __future__ import annotations

from hybridjoin.mutations import parts, tree
from hybridjoin.mutations.operator import AS_USUAL, CannotApply, Key, Mutant, Operator, Sign, Signing
from hybridjoin.mutations.tree import Element


def unsigned(assertion: Element) -> Element:
    """Return a copy of an assertion without its signatures."""
    copy = tree.copy(assertion)
    for signature in list(copy.iterchildren(parts.SIGNATURE)):
        copy.remove(signature)
    return copy


def control(bare: Element, sign: Sign) -> Mutant:
    """Return the mutant without a fault: the good assertion signed again, with which all others are compared."""
    return make(bare, (), sign)


def make(bare: Element, operators: tuple[Operator, ...], sign: Sign) -> Mutant:
    """Put the faults into a copy of an unsigned assertion.

    Raises:
        CannotApply: the assertion has nothing that one of them could bend.
    """
    assertion = tree.copy(bare)
    for operator in operators:
        reason = operator.applies(assertion)
        if reason:
            raise CannotApply(operator.id, reason)
        if operator.bend is not None:
            operator.bend(assertion)
    how = next((item.signing for item in operators if item.signing != AS_USUAL), AS_USUAL)
    _sign(assertion, sign, how)
    for operator in operators:
        if operator.spoil is not None:
            operator.spoil(assertion)
    tokens: tuple[Element, ...] = (assertion,)
    for operator in operators:
        if operator.wrap is not None:
            tokens = operator.wrap(assertion)
    return Mutant(operators=operators, tokens=tuple(map(tree.octets, tokens)))


def _sign(assertion: Element, sign: Sign, how: Signing) -> None:
    if how.key is Key.NONE:
        return
    for _ in range(how.times):
        sign(assertion, **how.manner)
