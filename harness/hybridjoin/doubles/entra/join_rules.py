"""The rules of device registration: why a join is refused, as data, in the order they are checked."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.doubles.entra.rule import TROUBLESHOOTING, Certainty

DVRJ = "[MS-DVRJ] Device Registration Join Protocol, 3.1.5.1.1"
AUTHENTICATION = "AuthenticationError"
DIRECTORY = "DirectoryError"
FORMAT = "MessageFormatError"
_TYPES = "The error types are implementation-specific ([MS-DVRJ] 2.2.3.1); named after Windows' DSREG_E_DEVICE_* codes."


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRule:
    """One refusal of the registration service; `federated` and `synchronized` say in which join it is checked.

    `subcode` is what newer clients print beside the error type, where it was seen; that the member is called as
    Microsoft's page calls it (ErrorSubCode) is assumed.
    """

    id: str
    trigger: str
    error_type: str
    message: str
    source: str
    certainty: Certainty
    status: int = 400
    federated: bool = True
    synchronized: bool = True
    reasoning: str = ""
    subcode: str = ""


def _format(rule_id: str, trigger: str, message: str, source: str = DVRJ) -> JoinRule:
    return JoinRule(
        id=rule_id, trigger=trigger, error_type=FORMAT, message=message, source=source, certainty=Certainty.ASSUMED,
        reasoning=f"The requirement is the specification's, the error type and text are assumed. {_TYPES}",
    )  # fmt: skip


def _token(rule_id: str, trigger: str, message: str, certainty: Certainty, reasoning: str = "") -> JoinRule:
    return JoinRule(
        id=rule_id, trigger=trigger, error_type=AUTHENTICATION, message=message, source=DVRJ, certainty=certainty,
        synchronized=False, reasoning=reasoning,
    )  # fmt: skip


def _synchronized(
    rule_id: str,
    trigger: str,
    error_type: str,
    message: str,
    certainty: Certainty,
    reasoning: str = "",
    subcode: str = "",
) -> JoinRule:
    return JoinRule(
        id=rule_id, trigger=trigger, error_type=error_type, message=message, source=TROUBLESHOOTING,
        certainty=certainty, federated=False, reasoning=reasoning, subcode=subcode,
    )  # fmt: skip


_BEARER = "That the server must check the token is specified; the error's text is assumed."
_SID = (
    "The documentation names this message for a certificate that does not match the one the blob was signed with; "
    "the same is assumed for the other defects of ClientIdentity."
)
_SID_MESSAGE = "The verification of the target computer's SID failed."

JOIN_RULES: tuple[JoinRule, ...] = (
    _format("api-version-missing", "The query has no api-version.", "The api-version parameter is missing."),
    _token(
        "token-missing", "There is no Authorization: Bearer header.", "The authorization header is missing.",
        Certainty.ASSUMED, _BEARER,
    ),
    _token(
        "token-invalid", "The access token is none that this tenant's token endpoint signed.",
        "The access token is not valid.", Certainty.ASSUMED, _BEARER,
    ),
    _token(
        "token-expired", "The access token's validity is over or has not begun.", "The access token has expired.",
        Certainty.ASSUMED, _BEARER,
    ),
    _token(
        "token-audience", "The access token is for another audience or another tenant.",
        "The access token is not meant for this service.", Certainty.ASSUMED, _BEARER,
    ),
    _token(
        "token-not-a-device", "The access token's account_type is not DJ, or it lacks on_prem_id or primary_sid.",
        "The enrollment request type (DomainJoin) is not allowed.", Certainty.DOCUMENTED,
        "The message is the specification's own example for this.",
    ),
    _format("body-not-json", "The body is larger than 64 KiB or no JSON object.", "The request body is not valid."),
    _format(
        "join-type", "JoinType is not 6; with a person's token, neither 0, 4 nor 6.",
        "The join type {join_type} is not supported for this request.",
    ),
    _format("member-missing", "A required member of the request is missing.", "The member {name} is missing."),
    _format(
        "certificate-request", "CertificateRequest is not base64 of a PKCS#10 request of Type pkcs10.",
        "The certificate request is not valid.",
    ),
    _format(
        "certificate-request-key", "The certificate request's key is not RSA with 2048 bits.",
        "The certificate request's key is not supported.",
    ),
    _format(
        "certificate-request-signature", "The certificate request is not signed by its own key with RSA and SHA-256.",
        "The certificate request's signature is not valid.",
    ),
    _format(
        "certificate-request-subject", "The certificate request's CN is not 7E980AD9-B86D-4306-9425-9AC066FB014A.",
        "The certificate request's subject is not valid.", "aad-join-spec (himmelblau-idm), MS-DVRJ 4.1",
    ),
    _format(
        "transport-key", "TransportKey is not base64 of a BCRYPT_RSAPUBLIC_BLOB of an RSA-2048 key.",
        "The transport key is not valid.",
    ),
    _synchronized(
        "tenant-unknown", "TargetDomainId names another tenant.", DIRECTORY,
        "AADSTS90002: Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing "
        "into the correct cloud. Check with your subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant.",
        Certainty.DOCUMENTED,
    ),
    _synchronized(
        "device-not-synced", "The tenant has no device object of that id.", DIRECTORY,
        "The device object by the given id ({device_id}) is not found.", Certainty.DOCUMENTED,
        "The subcode is what clients of 2024 and later print beside it.", "error_missing_device",
    ),
    _synchronized(
        "user-certificate-missing", "The device object came by a federated join and has no synced certificate.",
        DIRECTORY, "The public key user certificate is not found on the device object with id ({device_id}).",
        Certainty.DOCUMENTED,
    ),
    _synchronized(
        "client-identity", "ClientIdentity is missing, not of Type sha256signed, or not `<SID>.<time>` with a blob.",
        AUTHENTICATION, _SID_MESSAGE, Certainty.ASSUMED, _SID,
    ),
    _synchronized(
        "client-identity-sid", "The SID in ClientIdentity is not the synced device's.", AUTHENTICATION, _SID_MESSAGE,
        Certainty.ASSUMED, _SID,
    ),
    _synchronized(
        "client-identity-signature", "SignedBlob is not the SID text signed by the synced userCertificate's key.",
        AUTHENTICATION, _SID_MESSAGE, Certainty.DOCUMENTED,
        "How old the time in the SID text may be is not known, so it is not judged.",
    ),
)  # fmt: skip
