"""Federation settings that keep every sentence, and for each sentence ones that break it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hybridjoin.evidence.facts import GatheredAt
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.parts import Parts
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.intake.federation_commands import Action, DomainCommand
from hybridjoin.intake.handed_out import SiblingDomains
from tests.checks.evidence_factory import bent, metadata_evidence, signed_evidence
from tests.checks.messages import AnyEvidence, GivenEvidence
from tests.protocol.documents import ISSUER, NOW, STS_HOST, AssertionText, signer
from tests.protocol.metadata import WINDOWS_13

APPLICATION = ISSUER.rpartition("/")[2]
HOST = f"https://{STS_HOST}"


def text_of(der: bytes) -> str:
    return base64.b64encode(der).decode()


def later() -> str:
    """A certificate of another key that ends two years after NOW."""
    key = signer("later").key
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "later")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(2).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=730))
    return text_of(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER))


SETTINGS = FederationSettings(
    place="settings.txt:3",
    domain="hybridjoin.test",
    display_name="The IdP",
    issuer_uri=ISSUER,
    metadata_exchange_uri=f"{HOST}/wsf/mex13/{APPLICATION}",
    active_sign_in_uri=f"{HOST}/wsf/sts/{APPLICATION}",
    passive_sign_in_uri=f"{HOST}/wsf/prp/{APPLICATION}",
    sign_out_uri=f"{HOST}/wsf/prp/{APPLICATION}",
    signing_certificate=text_of(signer().certificate),
    preferred_authentication_protocol="wsFed",
    federated_idp_mfa_behavior="acceptIfMfaDoneByFederatedIdp",
)
COMMAND = DomainCommand(
    name="New-MgDomainFederationConfiguration",
    action=Action.CREATE,
    place="settings.txt:3",
    domain="hybridjoin.test",
    certificate=SETTINGS.signing_certificate,
)
SIBLINGS = SiblingDomains(issuers=(("other.test", "urn:other"),))
Case = Callable[[], AnyEvidence]


def settings(**changes: Any) -> Case:  # noqa: ANN401 the fields of FederationSettings
    return lambda: bent(federation=replace(SETTINGS, **changes))


def on_day(days: int, **changes: Any) -> JoinEvidence:  # noqa: ANN401 the fields of FederationSettings
    """The certificate of the tests ends 365 days after NOW."""
    return bent(federation=replace(SETTINGS, **changes), started_at=NOW + timedelta(days=days))


def with_key(name: str, **how: Any) -> Case:  # noqa: ANN401 as signer takes
    return lambda: bent(federation=replace(SETTINGS, signing_certificate=text_of(signer(name, **how).certificate)))


def handed_out(settings: FederationSettings = SETTINGS, **changes: Any) -> GivenEvidence:  # noqa: ANN401 of DomainCommand
    """Settings as a command sets them, beside another domain."""
    return GivenEvidence(parts=Parts.of(settings, replace(COMMAND, **changes), SIBLINGS, GatheredAt(at=NOW)))


def given(**changes: Any) -> Case:  # noqa: ANN401 the fields of FederationSettings
    return lambda: handed_out(replace(SETTINGS, **changes))


JUMPCLOUD = "https://sso.jumpcloud.com/wsfed/663a8fb979aa83c58df6081e"
SAML = {"preferred_authentication_protocol": "saml", "active_sign_in_uri": SETTINGS.passive_sign_in_uri}
FEDERATION_BREAKING: dict[str, Case] = {
    "FED-01": settings(issuer_uri=""),
    "FED-02": settings(metadata_exchange_uri=""),
    "FED-03": settings(active_sign_in_uri=""),
    "FED-04": settings(passive_sign_in_uri=f"http://{STS_HOST}/wsf/prp/{APPLICATION}"),
    "FED-05": settings(metadata_exchange_uri=f"{HOST}/wsf/mex/{APPLICATION}"),
    "FED-06": settings(active_sign_in_uri=f"{HOST}/wsf/sts/00000000-1497-44b6-b1ce-1a6d396f7f7e"),
    "FED-07": settings(active_sign_in_uri=f"https://elsewhere.test/wsf/sts/{APPLICATION}"),
    "FED-08": settings(issuer_uri=f"{ISSUER}/"),
    "FED-09": settings(signing_certificate=text_of(b"no certificate at all")),
    "FED-10": lambda: on_day(400),
    "FED-11": lambda: on_day(350),
    "FED-12": lambda: bent(federation=replace(SETTINGS, next_signing_certificate=SETTINGS.signing_certificate)),
    "FED-13": with_key("weak", bits=1024),
    "FED-14": settings(preferred_authentication_protocol="saml"),
    "FED-15": settings(federated_idp_mfa_behavior=""),
    "FED-16": lambda: bent(federation=SETTINGS, **signed_evidence(AssertionText(issuer=f"{ISSUER}/"))),
    "FED-17": lambda: bent(federation=SETTINGS, **signed_evidence(AssertionText(), by=signer("stranger"))),
    "FED-18": lambda: bent(federation=SETTINGS, **metadata_evidence((replace(WINDOWS_13, host="elsewhere.test"),))),
    "FED-19": settings(passive_sign_in_uri=""),
    "FED-20": settings(**{**SAML, "active_sign_in_uri": f"{HOST}/another"}),
    "FED-21": given(issuer_uri="urn:other"),
    "FED-22": settings(domain="contoso.onmicrosoft.com"),
    "FED-23": lambda: handed_out(certificate=f"-----BEGIN CERTIFICATE-----\n{SETTINGS.signing_certificate}"),
    "FED-24": given(preferred_authentication_protocol=""),
    "FED-25": given(federated_idp_mfa_behavior=""),
    "FED-26": settings(federated_idp_mfa_behavior="rejectMfaByFederatedIdp"),
    "FED-27": lambda: handed_out(name="Set-MsolDomainAuthentication", retired=True),
    "FED-28": given(signing_certificate=""),
    "FED-29": settings(passive_sign_in_uri=JUMPCLOUD),
}
FEDERATION_PASSING: dict[str, Case] = {
    **dict.fromkeys(FEDERATION_BREAKING, settings()),
    "FED-12": lambda: on_day(0, next_signing_certificate=later()),
    "FED-20": settings(**SAML),
    "FED-29": settings(passive_sign_in_uri=JUMPCLOUD, issuer_uri="hybridjoin.test"),
    **dict.fromkeys(("FED-21", "FED-23", "FED-24", "FED-25", "FED-27", "FED-28"), given()),
}
