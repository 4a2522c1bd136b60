"""The rules of a sign-in by browser, as data: about the request of the program, and about what the IdP sent back.

What an assertion is refused for is the token endpoint's affair (`doubles.entra.rules`); `IN_BROWSER` says where the
same refusal has another number here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hybridjoin.doubles.entra.rule import CODES, NO_SYMBOL, Area, BlindSpot, Certainty, Rule
from hybridjoin.doubles.entra.rules import RULES

_FEDERATION = "https://aadinternals.com/post/aad-deepdive/"
_REPORTS = "public reports of sign-in pages that end with the code"
_WHICH = "Tried in 2019, malformed messages came back with 20012, 90013 and 90081; which of them for which is ours."


def _message(rule_id: str, trigger: str, code: int, symbol: str, words: str, certainty: Certainty) -> Rule:
    return Rule(
        id=rule_id, area=Area.REQUEST, trigger=trigger, code=code, symbol=symbol, message=words,
        error="invalid_request", source=f"{_FEDERATION}; {CODES}", certainty=certainty, reasoning=_WHICH,
    )  # fmt: skip


REPLY_UNKNOWN = Rule(
    id="browser-redirect-uri", area=Area.REQUEST, trigger="The redirect_uri is none of the application's.",
    code=50011, symbol="InvalidReplyTo",
    message="The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured "
    "for the application '{client_id}'.",
    error="invalid_request", source=CODES, certainty=Certainty.DOCUMENTED,
)  # fmt: skip
WA_MISSING = _message(
    "wsfed-without-wa", "The form that came back has neither wa nor SAMLResponse.", 90081,
    "OrgIdWsFederationMessageInvalid",
    "An error occurred when the service tried to process a WS-Federation message. The message was invalid.",
    Certainty.OBSERVED,
)  # fmt: skip
WRESULT_MISSING = _message(
    "wsfed-without-wresult", "The form that came back has no wresult, or it is no XML.", 90013, "InvalidUserInput",
    "Invalid input received from the user.", Certainty.OBSERVED,
)  # fmt: skip
WRESULT_STRANGE = _message(
    "wsfed-no-response", "wresult is XML and holds no RequestSecurityTokenResponse with a token.", 20012,
    "WsFedMessageInvalid", "There is an issue with your federated Identity Provider.", Certainty.ASSUMED,
)  # fmt: skip
WCTX_STRANGE = _message(
    "wsfed-wctx", "wctx is none that this service sent.", 90013, "InvalidUserInput",
    "Invalid input received from the user.", Certainty.ASSUMED,
)  # fmt: skip
CODE_OF_ANOTHER = Rule(
    id="code-of-another-request", area=Area.REQUEST,
    trigger="client_id or redirect_uri are not those that the code was issued for.",
    code=500112, symbol=NO_SYMBOL,
    message="The reply address '{redirect_uri}' does not match the reply address provided when requesting "
    "Authorization code.",
    source=CODES, certainty=Certainty.OBSERVED, reasoning="Seen for the redirect_uri; taken to hold for both.",
)  # fmt: skip

BROWSER_RULES: tuple[Rule, ...] = (
    REPLY_UNKNOWN, WA_MISSING, WRESULT_MISSING, WRESULT_STRANGE, WCTX_STRANGE, CODE_OF_ANOTHER,
)  # fmt: skip

BROWSER_BLIND_SPOTS: tuple[BlindSpot, ...] = (
    BlindSpot(
        id="wresult-accounttype",
        sentence="The assertion that a person's browser brings says that it is a computer's (accounttype DJ).",
        reason="PingOne's documented mapping writes that for everybody; a browser is taken to sign a person in.",
    ),
    BlindSpot(
        id="wresult-collection",
        sentence="wresult holds the collection of WS-Trust 1.3 instead of one response of February 2005.",
        reason="MS-MWBF shows the one response; whether Entra refuses the other, nobody has published.",
    ),
    BlindSpot(
        id="wresult-locality",
        sentence="The AuthenticationStatement holds a SubjectLocality.",
        reason="MS-MWBF forbids it; whether Entra refuses it, nobody has published.",
    ),
    BlindSpot(
        id="wresult-applies-to",
        sentence="AppliesTo names another relying party than the assertion's Audience.",
        reason="node-wsfed sends no AppliesTo at all and is in use with Entra: the assertion alone is judged.",
    ),
)

OF_AN_ASSERTION: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.area is not Area.REQUEST)
"""What is asked of an assertion whose request was judged before: the rest of the token endpoint's rules."""

_NUMBERS: Mapping[str, tuple[int, Certainty]] = {
    "assertion-saml-2.0": (50008, Certainty.OBSERVED),
    "signature-wrong": (50008, Certainty.OBSERVED),
    "signature-missing": (50008, Certainty.ASSUMED),
}


def in_browser(rule: Rule) -> Rule:
    """Return a rule of the token endpoint with the number that it has where a browser brings the assertion."""
    code, certainty = _NUMBERS.get(rule.id, (rule.code, rule.certainty))
    if code == rule.code:
        return rule
    source = f"{_FEDERATION}; {_REPORTS}"
    return replace(rule, code=code, symbol="InvalidSamlToken", certainty=certainty, source=source, reasoning=_REPORTS)
