"""When the rules about the assertion as a document fire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hybridjoin.doubles.entra.assertion import BEARER, Defect
from hybridjoin.doubles.entra.assertion_rules import AUDIENCE, SKEW_S
from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.request_checks import Check, Fields, when
from hybridjoin.doubles.entra.signature import covers, verifies
from hybridjoin.doubles.entra.signature_form import strange_part

_SKEW = timedelta(seconds=SKEW_S)
_LAST = datetime.max.replace(tzinfo=UTC) - _SKEW


def _unreadable(defect: Defect) -> Check:
    return lambda case: when(case.defect is defect)


def _incomplete(case: Case) -> Fields | None:
    assertion = case.assertion
    return when(not assertion.assertion_id or not assertion.issuer or assertion.issued_at is None)


def _not_bearer(case: Case) -> Fields | None:
    return when(any(subject.methods and BEARER not in subject.methods for subject in case.assertion.subjects))


def _issuer_unknown(case: Case) -> Fields | None:
    return when(not case.issuer_ids and not case.domains, issuer=case.realm)


def _issuerid_missing(case: Case) -> Fields | None:
    return when(not case.issuer_ids and len(case.domains) > 1, issuer=case.realm)


def _not_federated(case: Case) -> Fields | None:
    return when(not any(domain.federated for domain in case.domains), issuer=case.realm)


def _key_unknown(case: Case) -> Fields | None:
    certificate = case.signatures[0].certificate
    return when(certificate is not None and certificate not in case.registered_certificates)


def _signature_wrong(case: Case) -> Fields | None:
    signature = case.signatures[0]
    keys = [signature.certificate] if signature.certificate else case.registered_certificates
    return when(not any(verifies(signature, case.assertion, key) for key in keys))


def _no_conditions(case: Case) -> Fields | None:
    return when(case.assertion.not_before is None or case.assertion.not_on_or_after is None)


def _early(case: Case) -> Fields | None:
    start = case.assertion.not_before
    return when(start is not None and start > case.now + _SKEW, expires=_expiry(case))


def _late(case: Case) -> Fields | None:
    end = case.assertion.not_on_or_after
    return when(end is not None and case.now >= min(end, _LAST) + _SKEW, expires=_expiry(case))


def _expiry(case: Case) -> str:
    end = case.assertion.not_on_or_after
    return f"{end:%Y-%m-%dT%H:%M:%S}.0000000Z" if end else ""


def _wrong_audience(case: Case) -> Fields | None:
    return when(any(AUDIENCE not in audiences for audiences in case.assertion.audiences))


ASSERTION_CHECKS: Mapping[str, Check] = {
    **{defect.value: _unreadable(defect) for defect in Defect},
    "assertion-version": lambda case: when(case.assertion.version != ("1", "1")),
    "assertion-incomplete": _incomplete,
    "assertion-nested": lambda case: when(case.assertion.nested),
    "subject-missing": lambda case: when(not case.assertion.subjects),
    "subject-confirmation": _not_bearer,
    "issuerid-several": lambda case: when(len(case.issuer_ids) > 1, issuer=case.realm),
    "issuer-unknown": _issuer_unknown,
    "issuerid-unknown": lambda case: when(case.issuer_ids and not case.domains, issuer=case.realm),
    "issuerid-missing": _issuerid_missing,
    "issuer-not-federated": _not_federated,
    "signature-missing": lambda case: when(not case.signatures),
    "signature-several": lambda case: when(len(case.signatures) > 1),
    "signature-form": lambda case: when(strange_part(case.signatures[0].element)),
    "signing-key-unknown": _key_unknown,
    "signature-algorithm": lambda case: when(not case.signatures[0].sound),
    "signature-reference": lambda case: when(not covers(case.signatures[0], case.assertion)),
    "signature-wrong": _signature_wrong,
    "conditions-missing": _no_conditions,
    "not-yet-valid": _early,
    "expired": _late,
    "audience-missing": lambda case: when(not case.assertion.audiences),
    "audience-wrong": _wrong_audience,
}
