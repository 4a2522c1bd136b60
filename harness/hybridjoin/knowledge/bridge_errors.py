"""What people see whose bridge has Entra for its OpenID provider: each symptom in words, with what is behind it."""

from __future__ import annotations

from functools import partial

from hybridjoin.knowledge.article import Article, ArticleKind, cause, field_failure
from hybridjoin.knowledge.entra_bridge import CONSENT, EXPIRED, NOT_THE_VALUE, REDIRECT
from hybridjoin.model.verdict import Certainty

_TEMPLATE = cause(
    "The metadata document for every tenant (common, organizations) was pasted: its issuer is a template.",
    "issuer of the metadata document: it holds {tenantid}.",
    "Paste the document of the tenant itself, with its id in the address.",
    checks="BRIDGE-01",
)
_VERSIONS = cause(
    "The metadata document is of one version of the endpoints, and the token of the other.",
    "iss of the token: sts.windows.net is v1, login.microsoftonline.com/…/v2.0 is v2.0.",
    "Take document, endpoints and tokens of v2.0; for an API of your own set accessTokenAcceptedVersion to 2.",
    checks="BRIDGE-18",
    related="BRIDGE-02",
    entra="App registrations > the API's application > Manifest: accessTokenAcceptedVersion.",
)
_MANY = cause(
    "These people are in more than two hundred groups: the token then only points at them.",
    "_claim_names in the id_token, and no groups.",
    "Ask Graph's me/getMemberGroups, or set ApplicationGroup and assign the groups that count.",
    checks="BRIDGE-28",
)
_MANIFEST = cause(
    "The manifest's groupMembershipClaims is null, as a new registration has it.",
    "The id_token: no groups, and nothing that points at them.",
    "Set it to SecurityGroup or All.",
    checks="BRIDGE-27",
    entra="App registrations > the application > Manifest, or Token configuration > Add groups claim.",
)
_ELSEWHERE = cause(
    "The bridge looks for groups in the access token or in userinfo, where Entra puts none.",
    "Where the bridge reads them; step 13 of PingOne's page names the access token.",
    "Read them from the id_token.",
    checks="BRIDGE-26",
)
_PERMISSION = cause(
    "The permission is the application's own, or is not granted: the user's token does not carry it.",
    "scp of the access token; the column Type under API permissions.",
    "Add the permission as a delegated one and grant admin consent; for the user's own groups ask me/… with User.Read.",
    checks="BRIDGE-29",
)
_MAIL = cause(
    "The user has no mail address, or the bridge does not ask for the scope email.",
    "email in the id_token and in userinfo; the scopes of the request.",
    "Fill mail in the directory and ask for email; or map preferred_username.",
    checks="BRIDGE-25",
)


_THUMBPRINT = cause(
    "A key's x5t is not the SHA-1 of the certificate that stands first in its x5c.",
    "The document at jwks_uri: x5t against the SHA-1 of x5c's first certificate, as base64url.",
    "Serve x5t as the certificate's own thumbprint, or leave it out; keys that a proxy rewrote are not the provider's.",
    checks="BRIDGE-31",
)


_met = partial(field_failure, phase="auth")


BRIDGE_ERRORS: tuple[Article, ...] = (
    _met(
        "F43", "nobody signs in through the bridge any more, after months",
        "The bridge's token request is refused: AADSTS7000222.", "public reports of AADSTS7000222", EXPIRED,
        see="AADSTS7000222",
    ),
    _met(
        "F44", "nobody signs in through the bridge since it was set up",
        "The bridge's token request is refused: AADSTS7000215.", "MicrosoftDocs/azure-docs issue 33356",
        NOT_THE_VALUE, see="AADSTS7000215",
    ),
    _met(
        "F45", "the reply URL specified in the request does not match",
        "Entra shows AADSTS50011 to the user, and the bridge learns nothing.",
        "Microsoft: Redirect URI (reply URL) outline and restrictions", REDIRECT, see="AADSTS50011",
    ),
    _met(
        "F46", "need admin approval", "Nobody has consented for the organization: AADSTS65001 or AADSTS90094.",
        "Ping Identity: Connect to Azure, step 11.7", CONSENT, see="AADSTS65001 AADSTS90094",
    ),
    _met(
        "F47", "issuer did not match the issuer returned by provider",
        "The issuer of the metadata document is no token's.",
        "coreos/go-oidc issues 121, 212, 344; authlib/authlib issue 605; nextauthjs/next-auth issues 6138, 8374",
        _TEMPLATE, _VERSIONS,
    ),
    _met(
        "F48", "id token issued by a different provider", "The token's iss is not the metadata document's issuer.",
        "oauth2-proxy/oauth2-proxy issues 1333, 2719, 2721, 3034; mod_auth_openidc's and Authlib's own words",
        _VERSIONS, _TEMPLATE,
        aliases=('does not match received "iss" value in id_token', "invalid_claim: Invalid claim: 'iss'"),
    ),
    _met(
        "F49", "groups are missing for a few people", "The token of somebody in very many groups carries none.",
        "Microsoft: Configure and manage optional claims", _MANY,
    ),
    _met(
        "F50", "groups are missing for everybody", "Nobody's groups come to the bridge.",
        "Microsoft: Configure and manage optional claims; Ping Identity: Connect to Azure, step 13", _MANIFEST,
        _ELSEWHERE,
    ),
    _met(
        "F51", "Insufficient privileges to complete the operation",
        "Graph refuses the question for groups: HTTP 403, Authorization_RequestDenied.",
        "oauth2-proxy/oauth2-proxy issue 2984", _PERMISSION, see="Authorization_RequestDenied",
    ),
    _met(
        "F52", "neither the id_token nor the profileURL set an email",
        "The bridge knows people by mail, and this one has none.",
        "Microsoft: Microsoft identity platform UserInfo endpoint; oauth2-proxy's own words", _MAIL,
    ),
)  # fmt: skip

KEY_ERROR = Article(
    id="x5c thumbprint does not match x5t value",
    kind=ArticleKind.CLIENT,
    symbol="(go-jose)",
    meaning="The whole key set is refused, and with it every id_token: one key tells another thumbprint.",
    certainty=Certainty.OBSERVED,
    source="go-jose/go-jose jwk.go, as oauth2-proxy 7.15.6 prints it",
    phase="auth",
    causes=(_THUMBPRINT,),
)
"""What readers of keys say of a set that lies about a certificate; nobody has reported it of Entra itself."""
