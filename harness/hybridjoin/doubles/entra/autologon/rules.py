"""The rules of Entra's own token service, as data: what becomes of a ticket, of a password, and of the token for both.

The numbers are documented as those of Seamless single sign-on; which of them goes with which fault of a ticket nobody
has published, apart from what their names say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hybridjoin.doubles.entra.rule import CODES, Area, Certainty, Rule

_TROUBLE: Final = "https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-sso"
_HOW: Final = "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-sso-how-it-works"
_READ: Final = "ROADtools (roadlib, auth.py), which reads the words of the fault"
_BY_NAME: Final = "The number's name says so; that it is this fault of a ticket is inferred."


def _rule(
    name: str, trigger: str, code: int, symbol: str, message: str, *, source: str = CODES, reasoning: str = ""
) -> Rule:
    return Rule(
        id=name,
        area=Area.REQUEST,
        trigger=trigger,
        code=code,
        symbol=symbol,
        message=message,
        source=source,
        certainty=Certainty.ASSUMED if reasoning else Certainty.DOCUMENTED,
        reasoning=reasoning,
    )


AUTOLOGON_RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule
    for rule in (
        _rule(
            "desktop-sso-tenant", "The address names no tenant, and no domain of one, that is here.", 90002,
            "InvalidTenantName", "Tenant '{tenant}' not found.",
        ),
        _rule(
            "desktop-sso-off", "No domain of the tenant has Seamless single sign-on, or Entra has no key for it.",
            81007, "DesktopSsoTenantIsNotOptIn", "The tenant isn't enabled for Seamless SSO.",
        ),
        _rule(
            "desktop-sso-request", "The message is no RequestSecurityToken of February 2005.", 90014,
            "MissingRequiredField", "The required field 'RequestSecurityToken' is missing from the credential.",
            reasoning="What is said of a message that cannot be read is not published.",
        ),
        _rule(
            "desktop-sso-package", "The Authorization header brings something else than Kerberos, as NTLM.", 81005,
            "DesktopSsoAuthenticationPackageNotSupported", "The authentication package isn't supported.",
        ),
        _rule(
            "desktop-sso-header", "The Authorization header, or the token in it, cannot be read.", 81009,
            "DesktopSsoAuthorizationHeaderValueWithBadFormat", "Unable to validate user's Kerberos ticket.",
        ),
        _rule(
            "desktop-sso-ticket-over", "The ticket is over, or one of the clocks is wrong.", 81010,
            "DesktopSsoAuthTokenInvalid",
            "Seamless SSO failed because the user's Kerberos ticket has expired or is invalid.", source=_TROUBLE,
        ),
        _rule(
            "desktop-sso-ticket", "No key that Entra holds of AZUREADSSOACC opens the ticket.", 81004,
            "DesktopSsoIdentityInTicketIsNotAuthenticated", "Kerberos authentication attempt failed.",
            source=_TROUBLE, reasoning=_BY_NAME,
        ),
        _rule(
            "desktop-sso-nobody", "The ticket is good, and its user is nobody whom Entra Connect has brought.", 81011,
            "DesktopSsoLookupUserBySidFailed",
            "Unable to find user object based on information in the user's Kerberos ticket.", source=_TROUBLE,
        ),
        _rule(
            "desktop-sso-unknown-name", "A name and a password came, and nobody of the tenant has that name.", 50034,
            "UserAccountNotFound",
            "The user account {{EUII Hidden}} does not exist in the {tenant_id} directory. To sign into this "
            "application, the account must be added to the directory.", source=f"{CODES}; {_READ}",
        ),
        _rule(
            "desktop-sso-disabled", "The user's account is disabled, as Entra Connect last saw it.", 50057,
            "UserDisabled", "The user account is disabled.",
        ),
        _rule(
            "desktop-sso-password", "A name and a password came, and the password is another one.", 50126,
            "InvalidUserNameOrPassword", "Error validating credentials due to invalid username or password.",
            source=f"{CODES}; {_READ}",
        ),
        _rule(
            "desktop-sso-second-factor", "A policy of the tenant wants a second factor, which nobody can show here.",
            50076, "UserStrongAuthClientAuthNRequired",
            "Due to a configuration change made by your administrator, or because you moved to a new location, you "
            "must use multi-factor authentication to access the resource.", source=f"{CODES}; {_READ}",
        ),
        _rule(
            "desktop-sso-token", "The token in the assertion is none that was handed out here, or it is over.", 81010,
            "DesktopSsoAuthTokenInvalid",
            "Seamless SSO failed because the user's Kerberos ticket has expired or is invalid.",
            reasoning="What the token endpoint says of a token that is over is not published.",
        ),
    )
}  # fmt: skip
"""In the order of checking; the last is the token endpoint's."""

LIFETIME_SOURCE: Final = f"no public source ({_HOW} names none): the double's choice"
