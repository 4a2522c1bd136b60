"""What a join that came about hides: claims that are wrong and that Entra, knowing nothing to compare with, believed.

A federated join makes the device object out of the claims. For a computer that Entra Connect has not synchronized yet
there is nothing in Entra that they could contradict, so that the screen shows success; the trouble comes with the sync.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hybridjoin.model.record import JoinRecord, JoinResult
from hybridjoin.model.verdict import Certainty, ClaimRow, wrong_claims

_DVRJ: Final = "MS-DVRJ 3.1.5.1.1.3 has it so for the on-premises service"
_MANUAL: Final = "Microsoft: Configure Microsoft Entra hybrid join manually"
# What makes the device another one in Entra.
IDENTITY: Final = frozenset({"onpremobjectguid", "primarysid"})
_ELSE: Final = "Entra did not look at it in this join; it may in the next, once Entra Connect has synced the computer."
_WORDS: Final = {
    "onpremobjectguid": (
        "Entra believed it, and made the device under this wrong id. Once Entra Connect synchronizes the computer, a "
        "second object appears under the true objectGUID, and the joined one stays behind beside it.",
        _DVRJ,
    ),
    "primarysid": (
        "Entra believed it, and the device now bears the SID of another object. Once Entra Connect synchronizes the "
        "computer with its own SID, the two contradict each other, and the next join may be refused as AADSTS51004.",
        _MANUAL,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnnoticedClaim:
    """A wrong claim of a device that was joined; `words` say what comes of it, and how sure that is."""

    row: ClaimRow
    words: str
    certainty: Certainty
    source: str

    @property
    def of_another(self) -> bool:
        """Tell whether the device was joined as another than itself."""
        return self.row.name in IDENTITY


def unnoticed(join: JoinRecord) -> tuple[UnnoticedClaim, ...]:
    """Return the wrong claims of a join that came about all the same, those of the device's identity first."""
    if join.result is not JoinResult.FEDERATED:
        return ()
    found = []
    for row in wrong_claims(join.claims):
        words, source = _WORDS.get(row.name, (_ELSE, _MANUAL))
        found.append(UnnoticedClaim(row=row, words=words, certainty=Certainty.ASSUMED, source=source))
    return tuple(sorted(found, key=lambda item: not item.of_another))
