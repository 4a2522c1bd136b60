"""The token response around an assertion: SOAP 1.2, and WS-Trust 1.3 or of February 2005."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.vectors.good import AUDIENCE, BEGINS, ENDS, GOOD_ID

SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_PROFILE = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1"
MESSAGE_ID = "urn:uuid:0b7a4c55-0000-4000-8000-000000000001"
_HEAD = (
    '<s:Envelope xmlns:s="{soap}" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header>'
    f'<a:Action s:mustUnderstand="1">{{action}}</a:Action><a:RelatesTo>{MESSAGE_ID}</a:RelatesTo>'
    "{header}</s:Header><s:Body>"
)
_RESPONSE = (
    "<t:RequestSecurityTokenResponse{declared}>"
    f'<t:Lifetime><u:Created xmlns:u="{_WSU}">{BEGINS}</u:Created><u:Expires xmlns:u="{_WSU}">{ENDS}</u:Expires>'
    "</t:Lifetime>"
    '<p:AppliesTo xmlns:p="http://schemas.xmlsoap.org/ws/2004/09/policy"><a:EndpointReference><a:Address>'
    f"{AUDIENCE}</a:Address></a:EndpointReference></p:AppliesTo>"
    "{before}<t:RequestedSecurityToken>{token}</t:RequestedSecurityToken>{after}"
    f'<t:RequestedAttachedReference><o:SecurityTokenReference xmlns:o="{WSSE}"><o:KeyIdentifier ValueType="'
    'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID">{refers}</o:KeyIdentifier>'
    "</o:SecurityTokenReference></t:RequestedAttachedReference>"
    f"<t:TokenType>{_PROFILE}</t:TokenType><t:RequestType>{{space}}/Issue</t:RequestType>"
    "<t:KeyType>{key_type}</t:KeyType></t:RequestSecurityTokenResponse>"
)


class Version(StrEnum):
    """The version of WS-Trust that a message is in."""

    V13 = "wstrust13"
    FEB2005 = "wstrust2005"

    @property
    def namespace(self) -> str:
        """Its namespace."""
        is_13 = self is Version.V13
        return "http://docs.oasis-open.org/ws-sx/ws-trust/200512" if is_13 else _FEB2005


_FEB2005 = "http://schemas.xmlsoap.org/ws/2005/02/trust"


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around the token beside what belongs there, as text; `others` are whole responses of the collection.

    `first` stands before the response in its collection or body, `last` behind it; `declared` are attributes of the
    response, `prolog` comes before the envelope and `epilog` after it.
    """

    header: str = ""
    first: str = ""
    last: str = ""
    before: str = ""
    after: str = ""
    declared: str = ""
    prolog: str = ""
    epilog: str = ""
    refers: str = GOOD_ID
    soap: str = SOAP_12


PLAIN = Around()


def response(token: str, version: Version = Version.V13, around: Around = PLAIN) -> str:
    """Write one RequestSecurityTokenResponse, whose prefix `t` is declared by what stands around it."""
    is_13 = version is Version.V13
    return _RESPONSE.format(
        token=token,
        before=around.before,
        after=around.after,
        declared=around.declared,
        refers=around.refers,
        space=version.namespace,
        key_type=f"{version.namespace}/Bearer"
        if is_13
        else "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey",
    )


def message(token: str, version: Version = Version.V13, around: Around = PLAIN) -> str:
    """Write the whole message: an envelope, and in WS-Trust 1.3 a collection."""
    is_13 = version is Version.V13
    space, name = version.namespace, "RequestSecurityTokenResponseCollection"
    inner = response(token, version, around)
    if is_13:
        payload = f'<t:{name} xmlns:t="{space}">{around.first}{inner}{around.last}</t:{name}>'
    else:
        declared = inner.replace(
            "<t:RequestSecurityTokenResponse", f'<t:RequestSecurityTokenResponse xmlns:t="{space}"', 1
        )
        payload = f"{around.first}{declared}{around.last}"
    action = f"{space}/RSTRC/IssueFinal" if is_13 else f"{space}/RSTR/Issue"
    head = _HEAD.format(soap=around.soap, action=action, header=around.header)
    return f"{around.prolog}{head}{payload}</s:Body></s:Envelope>{around.epilog}"
