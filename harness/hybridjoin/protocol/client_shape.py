"""How each library that signs people in writes its requests, as one table of data: what a server meets in the field.

The rows are read from the libraries' published sources (MSAL for Python, .NET, Java and Go, ADAL for Python 1.2.7); the
last one is what public clients that pose as Windows send, for the bytes of Windows' own are not published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from hybridjoin.protocol import names
from hybridjoin.protocol.wsdl import Trust

_SAML_20 = "urn:ietf:params:oauth:grant-type:saml2-bearer"
_SAML_11 = "urn:ietf:params:oauth:grant-type:saml1_1-bearer"
_PROFILE = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV"
_MSAL_ORDER = ("Action", "MessageID", "ReplyTo", "To", "Security")
_WINDOWS_ORDER = ("Action", "To", "MessageID", "Security")
_MSAL_PREFIXES = MappingProxyType({"soap": "s", "wsa": "wsa", "wsu": "wsu", "wsse": "wsse", "wst": "wst", "wsp": "wsp"})
_JAVA_PREFIXES = MappingProxyType({"soap": "s", "wsa": "a", "wsu": "u", "wsse": "o", "wst": "trust", "wsp": "wsp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientShape:
    """What is a library's own about a sign-in.

    `prefixes` are those of the namespaces, `header` the order of the SOAP header, `body` that of the request.
    `stamp_id` is the Timestamp's id, `fraction` what stands behind its seconds, where `%f` are real milliseconds.
    `token_id` is the UsernameToken's, where `%v` is the version; one that ends in a hyphen goes on with a fresh GUID.
    `trusts` are the versions that it speaks, newest first. `profile_is_saml_11` says that it takes the Token Profile's
    name for SAML 1.1 as such. `padded` is how the assertion is written in the grant, `v1` that the grant goes to the
    older endpoint.
    """

    name: str
    prefixes: Mapping[str, str]
    header: tuple[str, ...] = _MSAL_ORDER
    body: tuple[str, ...] = ("AppliesTo", "KeyType", "RequestType")
    message_id: str = "MessageID"
    stamp_id: str = "_0"
    fraction: str = "Z"
    token_id: str = "ADALUsernameToken"
    request_id: str = ""
    declaration: bool = False
    empty_security: bool = False
    trusts: tuple[Trust, ...] = (Trust.V13, Trust.FEB2005)
    profile_is_saml_11: bool = True
    padded: bool = True
    v1: bool = False
    user_agent: str = ""

    def moment(self, at: datetime) -> str:
        """Write a time of the Timestamp."""
        fraction = self.fraction.replace("%f", f"{at.microsecond // 1000:03d}")
        return f"{at:%Y-%m-%dT%H:%M:%S}{fraction}"

    def token_id_for(self, trust: Trust, guid: str) -> str:
        """Return the UsernameToken's id."""
        named = self.token_id.replace("%v", "13" if trust is Trust.V13 else "2005")
        return f"{named}{guid}" if self.takes_guid else named

    @property
    def takes_guid(self) -> bool:
        """Whether the UsernameToken's id goes on with a fresh GUID."""
        return self.token_id.endswith("-")

    def grant_type(self, token_type: str) -> str:
        """Return the grant that it chooses by the TokenType of the response."""
        if token_type == names.SAML_11 or not token_type:
            return _SAML_11
        if self.profile_is_saml_11 and token_type == f"{_PROFILE}1.1":
            return _SAML_11
        return _SAML_20


MSAL_PYTHON: Final = ClientShape(name="msal-python", prefixes=_MSAL_PREFIXES, padded=False)
SHAPES: Final = (
    MSAL_PYTHON,
    ClientShape(
        name="msal-net",
        prefixes=_MSAL_PREFIXES,
        stamp_id="MSATimeStamp",
        fraction=".068Z",
        token_id="UnPwSecTok%v-",
        declaration=True,
        profile_is_saml_11=False,
    ),
    ClientShape(
        name="msal-java",
        prefixes=_JAVA_PREFIXES,
        message_id="messageID",
        token_id="uuid-",
        profile_is_saml_11=False,
    ),
    ClientShape(
        name="msal-go",
        prefixes=_MSAL_PREFIXES,
        message_id="messageID",
        stamp_id="MSATimeStamp",
        fraction=".%fZ",
        token_id="UnPwSecTok13-",
        empty_security=True,
        trusts=(Trust.V13,),
    ),
    ClientShape(name="adal-python", prefixes=_MSAL_PREFIXES, v1=True),
    ClientShape(
        name="windows",
        prefixes=_MSAL_PREFIXES,
        header=_WINDOWS_ORDER,
        body=("RequestType", "AppliesTo", "KeyType"),
        token_id="uuid-",
        request_id="RST0",
        declaration=True,
        trusts=(Trust.FEB2005,),
        v1=True,
        user_agent="Windows-AzureAD-Authentication-Provider/1.0",
    ),
)
SHAPE_NAMES: Final = tuple(item.name for item in SHAPES)


def find_shape(name: str) -> ClientShape:
    """Return the shape of a library.

    Raises:
        ValueError: none is called so.
    """
    found = next((item for item in SHAPES if item.name == name), None)
    if found is None:
        raise ValueError(f"no client is called '{name}'; there are {', '.join(SHAPE_NAMES)}")
    return found
