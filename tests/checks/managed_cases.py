"""Evidence of joins in a managed domain: a healthy one, and for each MANAGED requirement one that breaks it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hybridjoin.evidence.facts import ManagedDevice, OwnCertificates
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.flows import MANAGED_JOIN
from hybridjoin.model.record import JoinResult
from hybridjoin.model.site import UNTOLD
from hybridjoin.protocol.user_certificate import make_user_certificate, read_user_certificate
from tests.checks.evidence_factory import HEALTHY, realm_of
from tests.device import documents
from tests.protocol.documents import GUID, NOW

MANAGED_REALM = {"ver": "1.0", "account_type": "Managed", "domain_name": "hybridjoin.test"}


def certificate(owner: str = "machine") -> bytes:
    return make_user_certificate(documents.key(owner), GUID, now=NOW, serial=GUID)


def own(**changes: Any) -> OwnCertificates:  # noqa: ANN401 the fields of OwnCertificates
    """The certificates of a computer that has written its own before."""
    ours = read_user_certificate(certificate())
    return replace(OwnCertificates(found=(ours,), ours=ours), **changes)


def managed(**changes: Any) -> JoinEvidence:  # noqa: ANN401 the fields of JoinEvidence
    """A join in which every sentence that can be tested holds, with some of its evidence replaced."""
    healthy = JoinEvidence(
        result=JoinResult.SYNCHRONIZED,
        client_request_id=HEALTHY.client_request_id,
        started_at=NOW,
        fallback_enabled=True,
        applies_to=HEALTHY.applies_to,
        issuer=HEALTHY.issuer,
        users=UNTOLD,
        computer=HEALTHY.computer,
        scp=HEALTHY.scp,
        discovery=HEALTHY.discovery,
        realm=realm_of(MANAGED_REALM),
        registration=HEALTHY.registration,
        registration_problems=HEALTHY.registration_problems,
        flow=MANAGED_JOIN.name,
        managed=ManagedDevice(os_version="10.0.19045.4046"),
        own_certificates=own(),
    )
    return replace(healthy, **changes)
