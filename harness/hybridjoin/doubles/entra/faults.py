"""The named misbehaviours of the Entra double, as data: what a scenario may ask for, and with which options."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from hybridjoin.doubles.entra.refusals import REFUSALS
from hybridjoin.doubles.fault import Fault, Misbehaviour, Option, by_name

THROTTLED_CODE = 90055
UNAVAILABLE_CODE = 90033
"""The AADSTS codes of the faults `throttled` and `server-error`, where they strike at the token endpoint."""

ENDPOINTS = ("realm", "discover", "token", "join", "sync-join", "leave")


class Area(StrEnum):
    """The part of Entra that misbehaves; `transport` may strike at any endpoint."""

    TRANSPORT = "transport"
    REALM = "realm"
    DISCOVER = "discover"
    TOKEN = "token"
    CERTIFICATE = "certificate"
    OPENID = "openid"


def strikes(fault: Misbehaviour, endpoint: str) -> bool:
    """Whether a transport fault is meant for this endpoint."""
    return fault.fault.area == Area.TRANSPORT and endpoint in fault.words("where")


def _fault(name: str, area: Area, sentence: str) -> Fault:
    return Fault(name=name, area=area, sentence=sentence)


def _transport(name: str, sentence: str, where: tuple[str, ...], *options: Option) -> Fault:
    place = Option(name="where", type="list", default=where, sentence="Which endpoints misbehave.", choices=ENDPOINTS)
    return Fault(name=name, area=Area.TRANSPORT, sentence=sentence, options=(place, *options))


def _seconds(name: str, default: int, sentence: str) -> Option:
    return Option(name=name, type="number", default=default, sentence=sentence, least=0)


# What Microsoft's page on hybrid joins documents of a throttled join is the body; the status beside it is not said.
_THROTTLED = Option(
    name="status",
    type="integer",
    default=400,
    sentence="Its HTTP status, which is assumed; 429 brings Retry-After besides.",
    least=400,
    most=599,
)
_CODE = Option(
    name="code",
    type="integer",
    default=53003,
    sentence="The number after AADSTS.",
    choices=tuple(str(code) for code in sorted(REFUSALS)),
)
_STATUS = Option(name="status", type="integer", default=503, sentence="Its HTTP status.", least=500, most=599)

_COUNT = Option(name="count", type="integer", default=201, sentence="In how many.", least=1, most=2000)

OPENID_FAULTS: tuple[Fault, ...] = (
    _fault("configuration-without-userinfo", Area.OPENID, "The metadata document names no userinfo endpoint."),
    _fault("keys-rolled-over", Area.OPENID, "id_tokens are signed with a key that the key set does not hold yet."),
    _fault("keys-without-certificates", Area.OPENID, "The keys of the key set come without x5c."),
    _fault("keys-of-another-thumbprint", Area.OPENID, "The x5t of a key is not its certificate's thumbprint."),
    _fault("state-lost", Area.OPENID, "The answer to the application lacks the state."),
    _fault("nonce-lost", Area.OPENID, "The id_token lacks the nonce."),
    _fault("id-token-touched", Area.OPENID, "The id_token was changed after it had been signed."),
    _fault("id-token-of-v1", Area.OPENID, "The v2.0 endpoint issues an id_token of v1, whose issuer is another."),
    _fault("id-token-for-another", Area.OPENID, "The id_token is for another application."),
    _fault("id-token-over", Area.OPENID, "The id_token was over an hour ago, as a bridge with a wrong clock sees it."),
    _fault("userinfo-of-another", Area.OPENID, "userinfo speaks of another subject than the id_token."),
    _fault("mail-missing", Area.OPENID, "The person has no mail address in Entra."),
    _fault("graph-denied", Area.OPENID, "Graph refuses every question for groups."),
    Fault(
        name="many-groups",
        area=Area.OPENID,
        sentence="The person is in many groups of the cloud besides.",
        options=(_COUNT,),
    ),
)

FAULTS: Mapping[str, Fault] = by_name(
    (
        _transport(
            "throttled",
            "The service says that requests are throttled and asks to come back later: the registration service with "
            "DirectoryError, the token endpoint with its code for a tenant that asks too often.",
            ("join", "sync-join"),
            _seconds("retry_after_s", 300, "How long it asks to wait."),
            _THROTTLED,
        ),
        _transport(
            "server-error",
            "The service answers with a 5xx status (503 is what Windows calls DSREG_SERVER_BUSY).",
            ("discover",),
            _STATUS,
        ),
        _transport(
            "proxy-page", "A proxy answers 200 with an HTML sign-in page in the service's place.", ("discover",)
        ),
        _transport("truncated-answer", "The JSON of the answer breaks off in the middle.", ("token",)),
        _transport("slow-answer", "The answer comes late.", ENDPOINTS, _seconds("delay_s", 5, "How late.")),
        _transport(
            "no-answer",
            "The request is taken and never answered.",
            ("token",),
            _seconds("limit_s", 60, "When the connection is closed after all."),
        ),
        _transport(
            "connection-reset", "The connection is torn down with a TCP reset instead of an answer.", ("token",)
        ),
        _fault("realm-unknown", Area.REALM, "User realm discovery knows none of the tenant's domains."),
        _fault("realm-without-metadata-url", Area.REALM, "The federated realm's answer lacks federation_metadata_url."),
        _fault(
            "tenant-unknown",
            Area.DISCOVER,
            "Discover does not find the tenant, as with a mistyped service connection point.",
        ),
        Fault(
            name="refused-with",
            area=Area.TOKEN,
            sentence="The token endpoint refuses every request for a reason of the tenant's or of Entra's own.",
            options=(_CODE,),
        ),
        _fault(
            "another-correlation-id",
            Area.TOKEN,
            "The token endpoint's error carries a correlation id that is not the caller's.",
        ),
        _fault(
            "certificate-of-another-key",
            Area.CERTIFICATE,
            "The device certificate is for a key that the device never sent.",
        ),
        _fault("certificate-of-another-device", Area.CERTIFICATE, "The device certificate names another device id."),
        _fault(
            "certificate-of-another-tenant",
            Area.CERTIFICATE,
            "The device certificate's tenant extension names another tenant.",
        ),
        _fault("certificate-expired", Area.CERTIFICATE, "The device certificate's validity ended yesterday."),
        _fault("device-gone", Area.TOKEN, "The device object is deleted as soon as it has registered."),
        _fault("nonce-of-before", Area.TOKEN, "The nonce that is handed out is over already."),
        _fault("session-key-for-another", Area.TOKEN, "The session key is for another device's transport key."),
        _fault("session-key-missing", Area.TOKEN, "The primary refresh token comes without a session key."),
        _fault("token-of-a-day", Area.TOKEN, "The primary refresh token is good for a day instead of fourteen."),
        _fault(
            "sends-back-once",
            Area.TOKEN,
            "A browser is sent to the IdP once for its second factor, and is refused where it comes back without one.",
        ),
        _fault("wrong-thumbprint", Area.CERTIFICATE, "The reply's Thumbprint is not that of its RawBody."),
        *OPENID_FAULTS,
    )
)
