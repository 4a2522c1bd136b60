"""Faults of the assertion that the IdP is handed: a module that the settings name, loaded when it is asked for.

It brings faults as plain data and one function that puts them into an assertion. Nothing of it is known here but that:
what the IdP says when nothing is wrong stays its own reading of the specifications.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.etree import _Element as Element

from hybridjoin.doubles.fault import Fault, Misbehaviour, by_name
from hybridjoin.doubles.settings import Reader

Sign = Callable[..., None]
CarryOut = Callable[[Element, Sequence[tuple[str, Mapping[str, object]]], Sign], tuple[bytes, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """Faults that somebody else carries out, on an unsigned assertion and with the IdP's own hand to sign it."""

    faults: Mapping[str, Fault]
    carry_out: CarryOut

    def chosen_of(self, faults: Iterable[Misbehaviour]) -> tuple[Misbehaviour, ...]:
        """Return those of the faults that are handed over."""
        return tuple(fault for fault in faults if fault.name in self.faults)

    def tokens(self, assertion: Element, chosen: Sequence[Misbehaviour], sign: Sign) -> str:
        """Return what stands in the response instead of the assertion, serialised.

        Raises:
            ValueError: the assertion has nothing that one of the faults could bend.
        """
        named = tuple((fault.name, dict(fault.options)) for fault in chosen)
        return b"".join(self.carry_out(assertion, named, sign)).decode()


def _nothing(_assertion: Element, chosen: Sequence[tuple[str, Mapping[str, object]]], _sign: Sign) -> tuple[bytes, ...]:
    raise LookupError(f"nobody handed over what carries out {chosen}")


NOTHING = HandedOver(faults={}, carry_out=_nothing)


def read_handed_over(reader: Reader) -> HandedOver:
    """Read the setting `mutations`: the name of the module, or nothing."""
    name = reader.text("mutations", default="")
    try:
        return _load(name) if name else NOTHING
    except (ImportError, AttributeError, TypeError, ValueError) as failure:
        reader.mistake("mutations", f"expected a module with faults and carry_out, found none: {failure}")
        return NOTHING


@lru_cache(maxsize=4)
def _load(name: str) -> HandedOver:
    module = importlib.import_module(name)
    faults = by_name(Fault.described(item) for item in module.faults())
    return HandedOver(faults=faults, carry_out=module.carry_out)
