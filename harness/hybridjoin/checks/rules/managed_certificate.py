"""The certificate that a computer of a managed domain writes to its own object.

Each check reads `OwnCertificates`, so that it is asked of a managed join and of nothing else.
"""

from __future__ import annotations

from hybridjoin.checks.places import answer_to, in_directory
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement
from hybridjoin.checks.silence import absent
from hybridjoin.evidence.facts import GatheredAt, OwnCertificates
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.user_certificate import OwnCertificate

_HOW = "MS-DEVREG Microsoft Entra hybrid joined in Managed environments"
_ATTRIBUTE = "userCertificate"
_RSA_BITS = 2048


@requirement(
    "MANAGED-02",
    Level.MUST,
    _HOW,
    remedy="Let SELF write Personal Information of computer objects, as Active Directory's schema does by default; "
    "look for a denial that is inherited from the organizational unit.",
    verified=True,
)
def computer_may_write_its_certificate(own: OwnCertificates, outcome: FlowOutcome) -> Finding:
    """The directory lets the computer write the userCertificate of its own object."""
    if own.ours is not None and not own.written:
        return not_applicable("the certificate of the computer's key stood there already")
    where = answer_to(Step.USER_CERTIFICATE, outcome)
    words = own.refused or outcome.failed_at(Step.USER_CERTIFICATE)
    return expect(not words, expected="success", found=words or "success", where=where)


@requirement(
    "MANAGED-03",
    Level.SHOULD,
    _HOW,
    remedy="Take the value away and run the task Automatic-Device-Join again: it writes one for the objectGUID.",
)
def certificate_names_the_object(own: OwnCertificates, computer: Computer) -> Finding:
    """The subject of the computer's own certificate is its objectGUID, so that people see whose it is."""
    ours = _ours(own)
    same = ours.common_name.lower() == str(computer.object_guid)
    found = ours.common_name or "no common name"
    return expect(same, expected=str(computer.object_guid), found=found, where=_at_certificates(own))


@requirement(
    "MANAGED-04",
    Level.SHOULD,
    _HOW,
    remedy="Leave userCertificate of computers to the task Automatic-Device-Join; certificates of an authority that "
    "publishes into the directory belong elsewhere.",
    verified=True,
)
def certificate_is_self_signed(own: OwnCertificates) -> Finding:
    """The computer's own certificate is self-signed: its issuer is its subject."""
    ours = _ours(own)
    found = "its subject" if ours.self_issued else "somebody else"
    return expect(ours.self_issued, expected="its subject as issuer", found=found, where=_at_certificates(own))


@requirement(
    "MANAGED-05",
    Level.SHOULD,
    "RFC5280 4.1.2.5",
    remedy="Take the expired value away and run the task Automatic-Device-Join again; check the machine's clock first.",
    verified=True,
)
def certificate_is_in_its_period(own: OwnCertificates, gathered: GatheredAt) -> Finding:
    """The computer's own certificate is used within its period of validity."""
    ours = _ours(own)
    period = f"{ours.not_before:%Y-%m-%d} to {ours.not_after:%Y-%m-%d}"
    found = f"{period}, on {gathered.at:%Y-%m-%d}"
    return expect(ours.valid_at(gathered.at), expected="a day within", found=found, where=_at_certificates(own))


@requirement(
    "MANAGED-06",
    Level.SHOULD,
    _HOW,
    remedy="Let the machine make an RSA key of 2048 bits, as for everything else that registration asks of it.",
)
def certificate_is_for_an_rsa_key(own: OwnCertificates) -> Finding:
    """The key of the computer's own certificate is RSA with 2048 bits or more, with which the SID is signed."""
    ours = _ours(own)
    good = ours.key_bits is not None and ours.key_bits >= _RSA_BITS
    found = f"RSA, {ours.key_bits} bits" if ours.key_bits is not None else "another kind of key"
    return expect(good, expected="RSA, 2048 bits or more", found=found, where=_at_certificates(own))


@requirement(
    "MANAGED-07",
    Level.SHOULD,
    _HOW,
    remedy="Once the device is registered, take the certificates of lost keys away from userCertificate.",
)
def no_certificate_of_a_lost_key(own: OwnCertificates) -> Finding:
    """The object holds no certificate but the one whose key the computer has."""
    strangers = own.strangers
    found = f"{len(strangers)} of other keys" if strangers else "none of another key"
    return expect(not strangers, expected="none of another key", found=found, where=_at_certificates(own))


@requirement(
    "MANAGED-08",
    Level.SHOULD,
    _HOW,
    remedy="Look who writes into userCertificate of computers, and take what is no certificate away.",
)
def every_value_is_a_certificate(own: OwnCertificates) -> Finding:
    """Every value of the object's userCertificate is an X.509 certificate."""
    found = f"{own.unreadable} that are none" if own.unreadable else "certificates alone"
    return expect(not own.unreadable, expected="certificates alone", found=found, where=_at_certificates(own))


def _ours(own: OwnCertificates) -> OwnCertificate:
    """Return the certificate of the computer's own key.

    Raises:
        Silence: the directory did not take it.
    """
    if own.ours is None:
        raise absent("the object holds no certificate of the computer's key", step=Step.COMPUTER)
    return own.ours


def _at_certificates(own: OwnCertificates) -> Where:
    """The attribute where there are values, else what was written."""
    if own.found or own.unreadable:
        return in_directory(Step.COMPUTER, _ATTRIBUTE)
    return Where(step=Step.USER_CERTIFICATE) if own.written else in_directory(Step.COMPUTER)
