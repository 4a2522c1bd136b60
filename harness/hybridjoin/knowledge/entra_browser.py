"""AADSTS errors that people meet in a browser, on the way back from their identity provider."""

from __future__ import annotations

from hybridjoin.knowledge.article import Article, cause
from hybridjoin.knowledge.entra_row import row

_FORM = cause(
    "The form that came back lacks a field, or something between the IdP and Entra took one out or cut it.",
    "The page that the IdP answers with: wa, wresult and wctx, and where its form goes.",
    "Give the form wa=wsignin1.0, wresult and the wctx of the request, each escaped once; raise the limits of proxies.",
    related="PASSIVE-04 PASSIVE-05 PASSIVE-06",
)
_NO_FACTOR = cause(
    "The domain enforces the IdP's second factor, and its assertions tell of none: a browser bounces between both, and "
    "a program that shows name and password, or a ticket, has no way to be asked.",
    "wauth in Entra's request (…/claims/multipleauthn), and authnmethodsreferences in the assertion that came; for a "
    "program, whether the same person signs in by browser.",
    "Send the claim of that name, or set federatedIdpMfaBehavior to acceptIfMfaDoneByFederatedIdp.",
    related="PASSIVE-20",
    adfs="Let Entra Connect write the rule for authnmethodsreferences anew.",
)
_TWICE = cause(
    "A policy wants a second factor, and what the IdP told of does not count: it is rejected, or under another name.",
    "federatedIdpMfaBehavior of the domain; the AuthenticationMethod and authnmethodsreferences of the assertion.",
    "Set acceptIfMfaDoneByFederatedIdp, where an example had rejectMfaByFederatedIdp; or let people use Entra's own.",
    related="PASSIVE-20",
)

BROWSER: tuple[Article, ...] = (
    row(90081, "OrgIdWsFederationMessageInvalid", "A WS-Federation message is invalid.", (_FORM,), see="AADSTS20012"),
    row(
        50076, "UserStrongAuthClientAuthNRequired", "Multifactor authentication is required by a policy.",
        (_TWICE, _NO_FACTOR), see="AADSTS50079",
    ),
    row(
        50079, "UserStrongAuthEnrollmentRequired", "The user has to use multifactor authentication.",
        (_NO_FACTOR, _TWICE), see="AADSTS50076",
    ),
)  # fmt: skip
