"""A good assertion in which every mutation finds something to bend, and the matrix of all of them, made once."""

from __future__ import annotations

import base64
import uuid
from dataclasses import replace
from functools import cache

from hybridjoin.doubles.idp.signing import SigningIdentity
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.mutation import MutationMatrix, MutationRow
from hybridjoin.mutations import OPERATORS, Operator, unsigned
from hybridjoin.protocol import names, xml
from hybridjoin.protocol.xml import Element
from hybridjoin.run.mutations.mutate import Baseline, run_mutations
from tests.checks.evidence_factory import COMPUTER, bent, signed_evidence
from tests.protocol.documents import CLAIMS, ISSUER, WS2008, AssertionText, Claim, Signer, base64_guid, signer

# Both hold + and / in base64, so that the URL-safe alphabet is another one.
OBJECT_GUID = uuid.UUID("7ea2e22f-31cb-4c97-89eb-1b4501aafe40")
ANCHOR = uuid.UUID("5f1ff3d7-fbff-4efb-bfff-1a2b3c4d5e6f")
GUIDS = {"onpremobjectguid": OBJECT_GUID, "ImmutableID": ANCHOR}
ISSUER_ID: Claim = (WS2008, "issuerid", (ISSUER,))


def _claim(claim: Claim) -> Claim:
    space, name, values = claim
    return (space, name, (base64_guid(GUIDS[name]),) if name in GUIDS else values)


TEXT = AssertionText(claims=tuple(map(_claim, CLAIMS)), name_identifier=base64_guid(ANCHOR))
TEXT_WITH_ISSUER_ID = replace(TEXT, claims=(*TEXT.claims, ISSUER_ID))


def identity(who: Signer | None = None) -> SigningIdentity:
    by = who or signer()
    return SigningIdentity(key=by.pem, certificate=base64.b64encode(by.certificate).decode())


def evidence(text: AssertionText = TEXT) -> JoinEvidence:
    computer = replace(COMPUTER, object_guid=OBJECT_GUID, consistency_guid=ANCHOR.bytes_le)
    return bent(computer=computer, **signed_evidence(text))


def baseline(text: AssertionText = TEXT) -> Baseline:
    made = evidence(text)
    return Baseline(
        source="a test", parts=made.parts, received_at=made.rstr_received_at or made.started_at, identity=identity()
    )


def bare(text: AssertionText = TEXT_WITH_ISSUER_ID) -> Element:
    return unsigned(xml.parse(str(text).encode(), where="assertion"))


@cache
def matrix(*, with_issuer_id: bool = False) -> MutationMatrix:
    """The matrix of an assertion without issuerid, as most are, or with it."""
    return run_mutations(baseline(TEXT_WITH_ISSUER_ID if with_issuer_id else TEXT), [(item,) for item in OPERATORS])


def row(mutation: str, *, with_issuer_id: bool = False) -> MutationRow:
    return next(item for item in matrix(with_issuer_id=with_issuer_id).rows if item.id == mutation)


def operator(mutation: str) -> Operator:
    return next(item for item in OPERATORS if item.id == mutation)


CLAIM_NAMES = tuple(
    claim[1]
    for claim in (
        names.CLAIM_ACCOUNT_TYPE,
        names.CLAIM_OBJECT_GUID,
        names.CLAIM_PRIMARY_SID,
        names.CLAIM_IMMUTABLE_ID,
        names.CLAIM_ISSUER_ID,
        names.CLAIM_UPN,
    )
)
