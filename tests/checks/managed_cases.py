"""Evidence of joins in a managed domain: a healthy one, and for each MANAGED requirement one that breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hybridjoin.evidence.facts import ManagedDevice, OwnCertificates
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.flows import MANAGED_JOIN
from hybridjoin.model.record import JoinResult
from hybridjoin.model.site import UNTOLD
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol import windows
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.scp import Scp
from hybridjoin.protocol.user_certificate import OwnCertificate, make_user_certificate, read_user_certificate
from tests.checks.evidence_factory import HEALTHY, realm_of
from tests.checks.messages import kept
from tests.device import documents
from tests.protocol.documents import GUID, NOW
from tests.protocol.test_discovery_documents import TENANT

Case = Callable[[], JoinEvidence]
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


def bent(**changes: Any) -> Case:  # noqa: ANN401 the fields of the certificate
    """The computer's own certificate is another one."""
    ours: OwnCertificate = replace(read_user_certificate(certificate()), **changes)
    return lambda: managed(own_certificates=own(found=(ours,), ours=ours))


def refused(error_type: str, message: str, **changes: Any) -> JoinEvidence:  # noqa: ANN401 the fields of JoinEvidence
    """The registration service refused the synchronized join."""
    error = EnrolmentError(http_status=400, error_type=error_type, message=message, trace_id="", time="")
    error = kept(error, json.dumps({"ErrorType": error_type, "Message": message}).encode())
    return failed(Step.SYNC_JOIN, f"the registration service answered {error_type}", enrolment_error=error, **changes)


def failed(step: Step, reason: str, **changes: Any) -> JoinEvidence:  # noqa: ANN401 the fields of JoinEvidence
    """A managed join that ended at a step."""
    failure = Failure(phase=Phase.JOIN, step=step, reason=reason, cause=windows.UNKNOWN)
    ended: dict[str, Any] = {
        "result": JoinResult.FAILED, "failure": failure, "registration": None, "registration_problems": ()
    }  # fmt: skip
    return managed(**{**ended, **changes})


def client_side(tenant_name: str = "hybridjoin.test", tenant_id: str = TENANT) -> Scp:
    """The tenant as the registry names it."""
    return Scp(tenant_name=tenant_name, tenant_id=tenant_id, client_side=True)


NO_DEVICE = f"The device object by the given id ({GUID}) is not found."
NO_CERTIFICATE = f"The public key user certificate is not found on the device object with id ({GUID})."
WRONG_SID = "The verification of the target computer's SID failed."
STRANGER = read_user_certificate(certificate("stranger"))
UNKNOWN_REALM = realm_of({"account_type": "Unknown"})

MANAGED_BREAKING: dict[str, Case] = {
    "MANAGED-01": lambda: managed(realm=HEALTHY.realm),
    "MANAGED-02": lambda: failed(
        Step.USER_CERTIFICATE, "no right", own_certificates=own(found=(), ours=None, refused="insufficientAccessRights")
    ),
    "MANAGED-03": bent(common_name="PC7"),
    "MANAGED-04": bent(self_issued=False),
    "MANAGED-05": bent(not_after=NOW - timedelta(days=1)),
    "MANAGED-06": bent(key_bits=1024),
    "MANAGED-07": lambda: managed(own_certificates=own(found=(*own().found, STRANGER))),
    "MANAGED-08": lambda: managed(own_certificates=own(unreadable=1)),
    "MANAGED-09": lambda: refused("DirectoryError", NO_DEVICE),
    "MANAGED-10": lambda: refused("DirectoryError", NO_CERTIFICATE),
    "MANAGED-11": lambda: refused("AuthenticationError", WRONG_SID),
    "MANAGED-12": lambda: refused("InternalServiceError", "Try later."),
    "MANAGED-13": lambda: managed(scp=client_side(tenant_id="contoso.example")),
    "MANAGED-14": lambda: failed(
        Step.REALM, "Entra calls the domain 'Unknown'", realm=UNKNOWN_REALM, scp=client_side(), own_certificates=None
    ),
    "MANAGED-15": lambda: managed(managed=ManagedDevice(os_version="10.0.10586.1")),
    "MANAGED-16": lambda: managed(managed=ManagedDevice(os_version="10.0.15063.1")),
    "MANAGED-17": lambda: refused("DirectoryError", NO_DEVICE),
}
MANAGED_PASSING: dict[str, Case] = {
    **dict.fromkeys(MANAGED_BREAKING, managed),
    "MANAGED-02": lambda: managed(own_certificates=own(found=(), written=True)),
    "MANAGED-13": lambda: managed(scp=client_side()),
    "MANAGED-14": lambda: managed(scp=client_side()),
}
