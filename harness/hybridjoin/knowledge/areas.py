"""What stands behind a broken requirement of each area, where no article names the requirement itself."""

from __future__ import annotations

from collections.abc import Mapping

from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge import windows_causes as w
from hybridjoin.knowledge.article import Cause, cause
from hybridjoin.knowledge.entra_seamless import KEY
from hybridjoin.knowledge.kerberos import COMPUTER, ETYPE, NO_SPN

_TEMPLATE = cause(
    "The metadata document was written by hand or by a template that does not follow its own names.",
    "The line that the verdict names, in the exchange viewer or the file itself.",
    "Correct the document at that line; `hybridjoin mex --against` compares it with one that works.",
)
_RSTR = cause(
    "The token service builds its answer for another client or WS-Trust version.",
    "The element that the verdict names, in the exchange viewer.",
    "Choose the token type and endpoint for Office 365 in the IdP; other shapes are for other clients.",
)
_FAULT = cause(
    "The IdP writes its faults by hand.",
    "The fault in the exchange viewer: Code, Subcode, Reason, and the HTTP status.",
    "Write the faults as SOAP 1.2 (5.4) and WS-Trust 1.3 (11) ask.",
)
_LENIENT = cause(
    "The IdP answers with a token where it has to refuse: it does not check what the request gets wrong.",
    "The probe in the report: what was sent, and the answer to it beside that to Windows' own request.",
    "Let the IdP check realm, time, message id, ticket and caller, and answer with the fault for it.",
    adfs="Leave windowstransport off the extranet: Set-AdfsEndpoint -TargetAddressPath … -Proxy $false.",
)
_COPIED = cause(
    "The settings were copied by hand, from another environment, or before the IdP was changed.",
    "Get-MgDomainFederationConfiguration -DomainId <domain> | Format-List, line by line against the IdP's own.",
    "Copy all the values anew from the IdP.",
    pingone="Applications > the Microsoft 365 application > Overview tab shows each of them.",
    adfs="Get-AdfsProperties, and Entra Connect's 'Federate Microsoft Entra domain' writes them.",
)
_BRIDGED = cause(
    "The registration in Entra and the bridge's console were filled in by hand, and differ.",
    "Client ID, secret, metadata document and redirect URI of both, character by character.",
    "Copy each value anew: the client ID from the overview, the secret's Value when it is made, the metadata "
    "document's URL from Endpoints, the redirect URI from the bridge.",
    pingone="PingOne for Enterprise: Setup > Identity Repository > Microsoft Azure AD.",
)

_BROWSER = cause(
    "The IdP answers browsers in another shape than AD FS, or something between it and them changes the page.",
    "The page in the exchange viewer: the form's address and fields, and wresult within it.",
    "Choose WS-Federation with SAML 1.1 for Office 365 in the IdP, and let no firewall cut or rewrite its pages.",
)

_PUBLISHED = cause(
    "The document was written by hand, or for another protocol or another product's readers.",
    "The document at its address, beside one of AD FS'.",
    "Let the IdP write it, with its token service's role, its addresses and the certificate that signs now.",
    adfs="Get-AdfsEndpoint -AddressPath /FederationMetadata/2007-06/FederationMetadata.xml; Proxy has to be true.",
)

_GATEWAY = cause(
    "The user types or attribute mappings were made by hand, and part from the guide's tables.",
    "`hybridjoin gateway FILE` holds them against the tables; with --lab or --site it looks accounts up as the gateway "
    "would.",
    "Set the user type for hybrid joined devices and the application's mappings as the tables have them.",
    pingone="Integrations > Gateways, Lookup tab; Applications > the Microsoft 365 application, Attribute Mappings.",
)

AREAS: Mapping[str, tuple[str, tuple[Cause, ...]]] = {
    "AD": ("The computer's own account in Active Directory.", (COMPUTER,)),
    "SCP": ("The service connection point, which tells devices their tenant.", (w.NO_SCP, w.WRONG_SCP)),
    "DISC": ("The registration service's Discover document.", (c.PROXY, w.WRONG_SCP)),
    "REALM": (
        "The user realm: how Entra tells the device where the IdP is.",
        (w.WRONG_SCP, c.NOT_FEDERATED, w.HTTP_MEX),
    ),
    "MEX": ("The IdP's WS-Trust metadata.", (_TEMPLATE, w.NO_MEX)),
    "KRB": ("Kerberos between the device, the KDC and the IdP.", (NO_SPN, ETYPE)),
    "HTTP": ("HTTP between the device and the IdP.", (NO_SPN, c.PROXY)),
    "RST": ("What the IdP makes of token requests.", (_RSTR,)),
    "RSTR": ("The token service's answer.", (_RSTR,)),
    "NEG": ("Requests that the IdP has to refuse.", (_LENIENT,)),
    "FAULT": ("The faults of the token service.", (_FAULT,)),
    "SAML": ("The SAML 1.1 assertion.", (c.FORM, c.AUDIENCE)),
    "SIG": ("The assertion's signature.", (c.TOUCHED, c.KEY)),
    "CLAIM": ("The claims of the device.", (c.NAMESPACE, c.ANCHOR)),
    "TOKEN": ("Entra's answer to the assertion.", (w.REFUSED,)),
    "USER": ("What people need who sign in by name and password.", (c.ANCHOR, c.FORM)),
    "PASSIVE": ("A sign-in by browser: WS-Federation between Entra, a browser and the IdP.", (_BROWSER,)),
    "FEDMETA": ("What the IdP publishes of itself: FederationMetadata.xml.", (_PUBLISHED,)),
    "JOIN": ("The registration of the device.", (w.DRS_TOKEN, c.FALLBACK)),
    "LEAVE": ("The removal of the device's registration.", (w.DRS_TOKEN,)),
    "MANAGED": ("The join of a computer of a managed domain.", (c.NOT_SYNCED, w.WRONG_SCP)),
    "BRIDGE": ("Entra as the OpenID provider of a bridge.", (_BRIDGED,)),
    "GATEWAY": ("The LDAP gateway's user types, and what the application issues of them.", (_GATEWAY,)),
    "PRT": ("The logon of a federated user: the primary refresh token.", (w.NO_USERNAME, w.WRONG_LOGON)),
    "WORK": ("The registration of a device by a person, and the first logon.", (w.NO_USERNAME, _BROWSER)),
    "SEAMLESS": ("Entra's own token service, for people of a managed domain.", (KEY,)),
    "FED": ("The domain's federation settings in Entra.", (_COPIED,)),
}
