"""The faults of WS-Trust, which an IdP answers a token request with."""

from __future__ import annotations

from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge.article import Article, ArticleKind, Cause, cause
from hybridjoin.knowledge.kerberos import ETYPE, KEYTAB_ETYPE, OTHER_ACCOUNT, STALE_KEY
from hybridjoin.model.verdict import Certainty

_WST = "WS-Trust 1.3, 11"
LOOKUP = cause(
    "The IdP read the ticket but does not find the computer by its name, HOST$.",
    "The IdP's log at that time; its LDAP filter against sAMAccountName of the computer, with the dollar sign.",
    pingone="LDAP gateway: two user types, cloud users first; the devices' one searches "
    "(&(objectClass=computer)(sAMAccountName=${identifier})).",
    pingfederate="Use the same filter in the attribute source of the token processor.",
    adfs="Look for event 364 or 1000 with 'Access denied' and the activity id.",
)
NOT_ALLOWED = cause(
    "A rule of the IdP refuses computers: an access policy, a population, a missing group.",
    "The IdP's audit log: PingOne writes 'Kerberos Check Succeeded' where the ticket itself was accepted.",
    "Let the policy of the Microsoft 365 application pass computers.",
)
_RELYING = cause(
    "The IdP does not know the relying party that AppliesTo names.",
    "AppliesTo of the request, urn:federation:MicrosoftOnline, against the identifiers of its relying parties.",
    "Add that identifier to the Microsoft 365 application.",
    related="RSTR-12 SAML-08",
    adfs="Get-AdfsRelyingPartyTrust -Identifier urn:federation:MicrosoftOnline",
)
_SHAPE = cause(
    "The IdP reads the request stricter than Windows writes it.",
    "The RST in the exchange viewer: TokenType, KeyType, Claims, namespace and Action of its WS-Trust version.",
    "Let the IdP take the shapes that Windows and MSAL send; both are in the report.",
    related="MEX-14 RSTR-04 RSTR-06",
)
_INTERNAL = cause(
    "Something inside the IdP fell: a mapping without value, the directory gone, no signing key.",
    "The IdP's own log at that second.",
    "Mend what its log names.",
)
_RENEWAL = cause(
    "Somebody asked to renew a token; a device's join never does.",
    "RequestType of the RST.",
    "Look who sent this request.",
)

_TOKEN = (KEYTAB_ETYPE, STALE_KEY, c.CLOCK)
_REFUSED = (LOOKUP, NOT_ALLOWED, KEYTAB_ETYPE, STALE_KEY, OTHER_ACCOUNT, ETYPE)

_ROWS: tuple[tuple[str, str, tuple[Cause, ...]], ...] = (
    ("AuthenticationBadElements", "Insufficient digest elements in the request.", (_SHAPE,)),
    ("BadRequest", "The token request is not understood.", (_SHAPE, _RELYING)),
    ("ExpiredData", "The request's data is out of date.", (c.CLOCK,)),
    ("FailedAuthentication", "The caller could not be authenticated.", _REFUSED),
    ("InvalidRequest", "The request is invalid or malformed.", (_SHAPE,)),
    ("InvalidScope", "The scope (AppliesTo) of the request is invalid.", (_RELYING,)),
    (
        "InvalidSecurityToken",
        "The security token that came with the request is invalid.",
        _TOKEN,
    ),
    ("InvalidTimeRange", "The requested time range is invalid or not supported.", (c.CLOCK, _SHAPE)),
    ("RenewNeeded", "A renewable token has expired.", (_RENEWAL,)),
    ("RequestFailed", "The request failed, for a reason the IdP keeps to itself.", (_INTERNAL, LOOKUP, _RELYING)),
    ("UnableToRenew", "The renewal failed.", (_RENEWAL,)),
)
_DECODED = {
    "FailedAuthentication": "The ticket may well be good: an IdP says the same where its own look-up of the computer "
    "finds nobody. Its log knows which.",
}

FAULTS: tuple[Article, ...] = tuple(
    Article(
        id=name,
        kind=ArticleKind.FAULT,
        symbol=f"wst:{name}",
        meaning=meaning,
        certainty=Certainty.DOCUMENTED,
        source=_WST,
        phase="auth",
        decoded=_DECODED.get(name, ""),
        causes=causes,
        see=("0xcaa90014", "event 1088"),
        aliases=(f"wst:{name}", f"trust:{name}", f"a:{name}"),
    )
    for name, meaning, causes in _ROWS
)
