"""What must be said aloud of a join that succeeded and is not right: no code of Windows or Entra will ever say it."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.model.claim_states import states
from hybridjoin.model.record import JoinRecord, JoinResult
from hybridjoin.model.verdict import Certainty

_SOURCE = (
    "[MS-DVRJ] 3.1.5.1.1.3 (the on-premises service); learn.microsoft.com/entra/identity/devices/hybrid-join-manual"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterword:
    """A sentence about a join that came out as wanted, with how sure it is and where it is known from."""

    about: str
    sentence: str
    certainty: Certainty
    source: str


_WRONG_GUID = Afterword(
    about="onpremobjectguid",
    sentence="The device joined under an id that is not its objectGUID. The registration service looks it up by the "
    "claim and creates what is not there, so nothing fails now; the next synchronization from the directory makes a "
    "second object, of the true id, and what is decided about one of them is not decided about the other.",
    certainty=Certainty.ASSUMED,
    source=_SOURCE,
)
_WRONG_SID = Afterword(
    about="primarysid",
    sentence="The device joined with a SID that is not its own. The registration service writes down the SID that the "
    "claim says, so nothing fails now; what matches the object with the directory by its SID will not find the "
    "computer, or will find another.",
    certainty=Certainty.ASSUMED,
    source=_SOURCE,
)


def afterwords(join: JoinRecord) -> tuple[Afterword, ...]:
    """Return what to say of a federated join under a name that is not the computer's; of any other join nothing."""
    if join.result is not JoinResult.FEDERATED:
        return ()
    wrong = {row.name for row in join.claims if "wrong-value" in states(row)}
    return tuple(word for word in (_WRONG_GUID, _WRONG_SID) if word.about in wrong)
