"""What may have brought a symptom about, and how a lab is bent so that it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.intake.files.fact import Fact
from hybridjoin.knowledge.article import Cause


class Standing(StrEnum):
    """How the evidence stands to a suspect."""

    PROVEN = "proven"
    SUPPORTED = "supported"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """One single change that would bring the symptom about.

    `change` is what a scenario file says to bring it about, as a mapping of its own keys
    (`{"dial": ["service-rc4-only"]}`); to mend it is to leave it out. `kind` is the one word for the sort of change:
    mapping, namespace, anchor, SPN, etype, clock, metadata, certificate, sync. `because` are the facts that speak
    for it.
    """

    id: str
    kind: str
    sentence: str
    change: Mapping[str, object]
    standing: Standing
    cause: Cause
    because: tuple[Fact, ...] = ()
