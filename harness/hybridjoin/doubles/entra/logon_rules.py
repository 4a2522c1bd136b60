"""The rules about a request for a primary refresh token, before its assertion is judged as everywhere: data alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hybridjoin.doubles.entra.rule import CODES, NO_SYMBOL, Area, Certainty, Rule

_TROUBLE: Final = "https://learn.microsoft.com/entra/identity/devices/troubleshoot-primary-refresh-token"
_KDF: Final = "Microsoft: deprecation of key derivation function version 1"


LOGON_RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule
    for rule in (
        Rule(
            id="prt-request",
            area=Area.REQUEST,
            trigger="The request is no JSON Web Token of three parts with an x5c and RS256 in its header.",
            code=9002313,
            symbol=NO_SYMBOL,
            message="Invalid request. Request is malformed or invalid.",
            source=CODES,
            certainty=Certainty.ASSUMED,
            error="invalid_request",
            reasoning="The code is documented for requests that cannot be read; that it is this one here is not.",
        ),
        Rule(
            id="prt-kdf-version",
            area=Area.REQUEST,
            trigger="kdf_ver in the request's header is missing or not 2.",
            code=5000611,
            symbol=NO_SYMBOL,
            message="Symmetric Key Derivation Function version '{version}' is invalid. Update the device for the "
            "recent updates.",
            source=_KDF,
            certainty=Certainty.DOCUMENTED,
        ),
        Rule(
            id="prt-device",
            area=Area.REQUEST,
            trigger="No device of the tenant has that certificate, or it did not sign the request.",
            code=50155,
            symbol="DeviceAuthenticationFailed",
            message="Device authentication failed for this user.",
            source=_TROUBLE,
            certainty=Certainty.DOCUMENTED,
            reasoning="Documented for a device that was deleted or disabled; for a wrong signature it is assumed.",
        ),
        Rule(
            id="prt-nonce",
            area=Area.TIME,
            trigger="request_nonce is missing, was not handed out by this server, or is over.",
            code=140000,
            symbol="InvalidRequestNonce",
            message="Request nonce isn't provided.",
            source=CODES,
            certainty=Certainty.DOCUMENTED,
            reasoning="Documented for a nonce that is missing; for one that is over it is assumed. How long one is "
            "good is said of AD FS alone: ten minutes.",
        ),
        Rule(
            id="prt-grant",
            area=Area.REQUEST,
            trigger="The grant inside the request is another one than a SAML 1.1 assertion's.",
            code=70003,
            symbol="UnsupportedGrantType",
            message="The app returned an unsupported grant type.",
            source=CODES,
            certainty=Certainty.ASSUMED,
            error="unsupported_grant_type",
            reasoning="This double signs nobody in by password or certificate; Entra does.",
        ),
    )
}
