"""The steps of a person who has a device registered: the out-of-box experience, or "Add work account"."""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.model.flows.bridge import BRIDGE
from hybridjoin.model.flows.join import HYBRID_JOIN
from hybridjoin.model.flows.prt import PRIMARY_REFRESH_TOKEN
from hybridjoin.model.flows.sign_in_browser import SIGN_IN_BROWSER
from hybridjoin.model.steps import FlowTable, Step

# The token that a browser brought is judged as such; what the first logon's one says is read beside it.
_AT_THE_FIRST_LOGON = ("FirstLogon",)


WORK_ACCOUNT = FlowTable(
    name="work-account",
    title="have a device registered by a person",
    called="registration",
    results=(
        ("registered", "device registered"),
        ("no-first-logon", "device registered, and the first logon failed"),
        ("not-registered", "device not registered"),
    ),
    expects=("registration", "screen"),
    facts=("RegistrationResult", "RegistrationRequest", "SignedInUser", "LogonDevice"),
    persons=True,
    rows=(
        replace(BRIDGE.row(Step.OPENID), yields=("SignInEndpoints",)),
        SIGN_IN_BROWSER.row(Step.REALM),
        SIGN_IN_BROWSER.row(Step.AUTHORIZE),
        SIGN_IN_BROWSER.row(Step.PASSIVE),
        SIGN_IN_BROWSER.row(Step.CREDENTIALS),
        SIGN_IN_BROWSER.row(Step.WRESULT),
        SIGN_IN_BROWSER.row(Step.TOKEN),
        HYBRID_JOIN.row(Step.DISCOVER),
        HYBRID_JOIN.row(Step.JOIN),
        replace(
            PRIMARY_REFRESH_TOKEN.row(Step.REALM),
            step=Step.LOGON_REALM,
            title="ask at the logon whether the user's domain is federated",
            reply="user realm at the logon",
            yields=_AT_THE_FIRST_LOGON,
        ),
        PRIMARY_REFRESH_TOKEN.row(Step.NONCE),
        PRIMARY_REFRESH_TOKEN.row(Step.MEX),
        replace(PRIMARY_REFRESH_TOKEN.row(Step.RST), yields=_AT_THE_FIRST_LOGON),
        PRIMARY_REFRESH_TOKEN.row(Step.PRT),
    ),
)
