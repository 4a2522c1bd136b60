"""Entra's AADSTS errors as a bridge meets them, for whose people Entra is the OpenID provider."""

from __future__ import annotations

from hybridjoin.knowledge.article import Article, cause
from hybridjoin.knowledge.browser_errors import CUT
from hybridjoin.knowledge.entra_row import NO_SYMBOL, row
from hybridjoin.model.verdict import Certainty

_REPORTS = "public reports of this code"
EXPIRED = cause(
    "The client secret has expired: it was made with an end, and the end has come.",
    "Certificates & secrets of the application: the column Expires.",
    "Make a new client secret and paste its Value into the bridge; put the next end into somebody's calendar.",
    checks="AADSTS7000222",
    entra="App registrations > the application > Certificates & secrets > New client secret.",
    pingone="PingOne for Enterprise: Setup > Identity Repository > Microsoft Azure AD > Client Secret.",
)
NOT_THE_VALUE = cause(
    "The client ID, or the Secret ID, was pasted as client secret: step 6 of PingOne's page says so by mistake.",
    "What stands in Client Secret: a GUID is never a secret's Value.",
    "Paste the secret's Value, which Entra shows once, when the secret is made; where it is lost, make another one.",
    checks="BRIDGE-14",
)
_OTHER_SECRET = cause(
    "The secret is another application's, an old one's, or was cut or padded when it was copied.",
    "The first three characters of the Value, which Entra goes on showing, against those in the bridge.",
    "Make a new client secret and paste its Value whole.",
    related="BRIDGE-14",
)
_NO_SECRET = cause(
    "The field for the client secret is empty, or the bridge shows it in a way that Entra does not read.",
    "The token request: client_secret in its form, or an Authorization header with Basic.",
    "Fill the secret in. Where the application shall have none, allow public client flows.",
    checks="AADSTS7000218",
    related="BRIDGE-08",
)
REDIRECT = cause(
    "The redirect URI differs from the registered one: in upper and lower case, a slash at its end, or PingOne's "
    "verification code.",
    "Both addresses, character by character: the message names the one that was sent.",
    "Copy the redirect URI whole from the bridge, and register it with the type Web.",
    checks="BRIDGE-11 AADSTS50011",
    entra="App registrations > the application > Authentication > Web > Redirect URIs.",
)
CONSENT = cause(
    "Nobody granted admin consent for the permissions that the bridge asks for.",
    "API permissions of the application: the column Status.",
    "Grant admin consent; the users are then asked nothing.",
    checks="AADSTS65001 AADSTS90094",
    entra="App registrations > the application > API permissions > Grant admin consent for …",
)
_ASSIGNMENT = cause(
    "The enterprise application demands assignment, and neither the user nor a group of theirs is assigned.",
    "Enterprise applications > the application > Properties: Assignment required; Users and groups.",
    "Assign the user or a group (groups in it do not count), or demand no assignment.",
    checks="AADSTS50105",
)
_SCOPE = cause(
    "A scope is misspelt, or of a resource that the tenant does not know.",
    "The scopes in the bridge against scopes_supported, and Graph's permissions by name.",
    "Choose among the scopes that the metadata document offers.",
    checks="AADSTS70011",
    related="BRIDGE-06",
)
_CODE = cause(
    "The code was redeemed twice, late, or with another redirect URI, verifier or client than it was asked for with.",
    "The times of the sign-in page's answer and of the token request; how often the latter was sent.",
    "Let the bridge redeem each code once and at once, with the very redirect URI of the request. A browser's Back "
    "button, or a proxy that sends again, shows the same.",
    checks="AADSTS54005 AADSTS70008 AADSTS9002313 AADSTS500112 AADSTS501481",
)
_TYPE = cause(
    "The bridge asks for a token in the front channel, which the registration does not enable.",
    "response_type of the authorization request.",
    "Let it ask for a code, or tick ID tokens under Authentication of the application.",
    checks="AADSTS700054",
)
_STALE_PAGE = cause(
    "The sign-in page was old, or its form was sent without what stood hidden in it.",
    "When the page was opened, and what was posted.",
    "Begin the sign-in anew.",
)
_WCTX = cause(
    "The wctx that came back is not the one that Entra sent, by which it knows what the answer belongs to.",
    "wctx in the address that the browser was sent to, against the one in the posted form, character by character.",
    "Return wctx as it came, decoded once from the address and escaped once in the form.",
    checks="PASSIVE-06",
)
_GUEST = cause(
    "The account is of another tenant, and no guest of this one.",
    "The name after the @ against the tenant's verified domains.",
    "Invite the person as a guest, or sign in with an account of this tenant.",
    checks="AADSTS50020",
)
_SEEN = Certainty.OBSERVED

BRIDGE: tuple[Article, ...] = (
    row(
        7000222, "InvalidClientSecretExpiredKeysProvided", "The client secret of the application has expired.",
        (EXPIRED,), see="AADSTS7000215",
    ),
    row(
        7000215, "InvalidClientSecret", "What was shown as client secret is no Value of the application's secrets.",
        (NOT_THE_VALUE, _OTHER_SECRET), see="AADSTS7000222",
    ),
    row(7000218, NO_SYMBOL, "The token request shows no secret and no assertion.", (_NO_SECRET,), see="AADSTS7000215"),
    row(
        50011, "InvalidReplyTo", "The redirect URI is none of the registered ones.", (REDIRECT,), see="AADSTS700016",
        decoded="Entra tells the user, on its own page: the bridge learns nothing and waits.",
    ),
    row(65001, "DelegationDoesNotExist", "Nobody has consented to what is asked for.", (CONSENT,), see="AADSTS90094"),
    row(
        90094, "AdminConsentRequired", "An administrator has to consent to what is asked for.", (CONSENT,),
        see="AADSTS65001",
    ),
    row(
        50105, "EntitlementGrantsNotFound", "The user is not assigned to the application, which demands it.",
        (_ASSIGNMENT,), see="AADSTS50020",
    ),
    row(50020, "UserUnauthorized", "The account is of another tenant.", (_GUEST,), see="AADSTS50034"),
    row(70011, "InvalidScope", "A scope is not valid.", (_SCOPE,), see="AADSTS65001"),
    row(700054, "ResponseTypeNotEnabled", "The response type is not enabled for the application.", (_TYPE,), see=""),
    row(90013, "InvalidUserInput", "What the user sent is not valid.", (_STALE_PAGE, _WCTX, CUT), see="F19"),
    row(
        54005, "OAuth2AuthorizationCodeAlreadyRedeemed", "The authorization code was redeemed before.", (_CODE,),
        see="AADSTS70008",
    ),
    row(70008, "ExpiredOrRevokedGrant", "The code or the refresh token is over.", (_CODE,), see="AADSTS54005"),
    row(9002313, "InvalidRequest", "The request, or a code or JWT in it, is malformed.", (_CODE,), see="AADSTS54005"),
    row(
        500112, NO_SYMBOL, "The redirect URI is another than the one that the code was asked for with.", (_CODE,),
        source=_REPORTS, certainty=_SEEN, see="AADSTS50011",
    ),
    row(
        501481, NO_SYMBOL, "The code_verifier does not lead to the code_challenge.", (_CODE,), source=_REPORTS,
        certainty=_SEEN, see="AADSTS54005",
    ),
)  # fmt: skip
