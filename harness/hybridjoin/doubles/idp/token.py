"""What an assertion says, how it is signed and what it is wrapped in: three plain values that faults may bend."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.mapping import CLAIMS_NAMESPACE, Claim
from hybridjoin.doubles.idp.rst import SOAP_12, TRUST_NAMESPACES, Rst

SAML_11_TOKEN = "urn:oasis:names:tc:SAML:1.0:assertion"
SAML_20_TOKEN = "urn:oasis:names:tc:SAML:2.0:assertion"
NO_PROOF_KEY = "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey"
_TOKEN_PROFILE = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1"
METHODS_REFERENCES = "authnmethodsreferences"
_TIMESTAMP_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """The content of one assertion; `prefix` is that of its elements, none where it is empty."""

    assertion_id: str
    issuer: str
    audience: str
    subject: str
    subject_format: str
    claims: tuple[Claim, ...]
    authentication_method: str
    issue_instant: datetime
    not_before: datetime
    not_on_or_after: datetime
    authentication_instant: datetime
    saml: str = "1.1"
    prefix: str = "saml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The RequestSecurityTokenResponse around the assertions, which are serialised XML.

    `stale_at` ends the message's Timestamp. There is one where the request has one: the policy for user name and
    password includes a Timestamp in both, that for tickets includes none, and then none may be there (WSSP12 6.2).
    """

    trust: str
    soap: str
    action: str
    relates_to: str
    applies_to: str
    sent_at: datetime
    stale_at: datetime | None
    created: datetime
    expires: datetime
    assertions: tuple[str, ...]
    assertion_id: str
    token_type: str
    in_collection: bool

    @property
    def namespace(self) -> str:
        """The WS-Trust namespace."""
        return TRUST_NAMESPACES[self.trust]

    @property
    def request_type(self) -> str:
        """The URI of an Issue request."""
        return f"{self.namespace}/Issue"

    @property
    def key_type(self) -> str:
        """The URI that says the token is a bearer's."""
        return f"{self.namespace}/Bearer" if self.trust == "1.3" else NO_PROOF_KEY

    @property
    def reference_type(self) -> str:
        """The token type of the SecurityTokenReferences (SAML Token Profile 1.1, 3.4)."""
        return f"{_TOKEN_PROFILE}#SAMLV{'2.0' if self.token_type == SAML_20_TOKEN else '1.1'}"

    @property
    def reference_value_type(self) -> str:
        """The value type of their KeyIdentifier."""
        if self.token_type == SAML_20_TOKEN:
            return f"{_TOKEN_PROFILE}#SAMLID"
        return "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID"


def new_token(
    config: IdpConfig, *, subject: str, claims: tuple[Claim, ...], now: datetime, method: str | None = None
) -> Token:
    """Return the content of an assertion issued now; `method` overrides the configured authentication method."""
    return Token(
        assertion_id=f"_{uuid.uuid4()}",
        issuer=config.issuer,
        audience=config.audience,
        subject=subject,
        subject_format=config.subject.format,
        claims=claims,
        authentication_method=method or config.authentication_method,
        issue_instant=now,
        not_before=now,
        not_on_or_after=now + timedelta(seconds=config.lifetime_s),
        authentication_instant=now,
    )


def with_second_factor(token: Token, uri: str, told: str) -> Token:
    """Return a token that tells of a second factor: by the claim, by the method, or not at all."""
    if told == "method":
        return replace(token, authentication_method=uri)
    if told != "claim":
        return token
    named = next((item for item in token.claims if item.name == METHODS_REFERENCES), None)
    before = named.values if named is not None else ()
    claim = Claim(name=METHODS_REFERENCES, namespace=CLAIMS_NAMESPACE, values=(*before, uri))
    others = tuple(item for item in token.claims if item.name != METHODS_REFERENCES)
    return replace(token, claims=(*others, claim))


def new_reply(rst: Rst, token: Token, assertions: tuple[str, ...], *, expires: datetime) -> Reply:
    """Return the response to a request, with the assertions already signed and serialised."""
    trust = TRUST_NAMESPACES[rst.trust]
    return Reply(
        trust=rst.trust,
        soap=rst.soap or SOAP_12,
        action=f"{trust}/RSTRC/IssueFinal" if rst.trust == "1.3" else f"{trust}/RSTR/Issue",
        relates_to=rst.message_id,
        applies_to=rst.applies_to,
        sent_at=token.issue_instant,
        stale_at=token.issue_instant + _TIMESTAMP_LIFE if rst.expires else None,
        created=token.issue_instant,
        expires=expires,
        assertions=assertions,
        assertion_id=token.assertion_id,
        token_type=SAML_20_TOKEN if token.saml == "2.0" else SAML_11_TOKEN,
        in_collection=rst.trust == "1.3",
    )
