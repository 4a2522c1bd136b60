"""Signing a user in by name and password: what a program with a password does, and Windows' logon of a federated user.

The RequestSecurityToken is the one of the library that `habits.shape` names, MSAL's for Python where nobody does. There
is no Kerberos in it and no directory: the device need not be joined to anything, and nothing is tried again with other
credentials.

The password is in two places alone: in the credentials, which print without it, and in the body of one request,
which the driver masks before it is kept. A token service that repeats it in its refusal must not bring it into the
evidence either, so that each of its words that is kept is searched for every secret that is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial

from hybridjoin.device.needs import Flow, NewId, Now, Send, ask
from hybridjoin.device.signin.active import SignInBuilder, SignInContext, Way, new_message, rst_headers
from hybridjoin.device.steps.failures import demand
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.flows import SIGN_IN_USERNAME
from hybridjoin.model.steps import Step
from hybridjoin.protocol.mex import Credential, MexEndpoint, Trust
from hybridjoin.protocol.user_rst import TypedPassword, UserRequest, build_user_rst

NOT_KEPT = "(not kept)"  # the password of a sign-in that is gone through again from its record
_RST = SIGN_IN_USERNAME.row(Step.RST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user principal name and its password; the password is not printed. `mistyped` says it is wrong on purpose.

    Raises:
        UsageError: one of them cannot be written in XML, or the name is not one that a realm can be asked for.
    """

    name: str
    password: str = field(repr=False)
    mistyped: bool = False

    def __post_init__(self) -> None:
        mistakes = []
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", self.name):
            problem = f"expected a user principal name such as carol@contoso.example, found {self.name!r}"
            mistakes.append(Mistake(place="user", problem=problem))
        if not self.password or not self.password.isprintable():
            problem = "expected a password of printable characters, found none, or a control character in it"
            mistakes.append(Mistake(place="password", problem=problem, hint="one line, without its line break"))
        if mistakes:
            raise UsageError(*mistakes)


def by_password(password: str) -> Way:
    """Return the way of a sign-in with this password."""
    return Way(
        table=SIGN_IN_USERNAME,
        credential=Credential.USERNAME,
        show=partial(_show_password, password),
        no_endpoint=0xCAA90023,
        called="user name and password",
        publish="publish a usernamemixed port whose policy asserts a UsernameToken over HTTPS",
        look_at="look in the IdP's log for this fault: a wrong, expired or locked password answers like a broken "
        "service",
    )


def _show_password(
    password: str, context: SignInContext, builder: SignInBuilder, endpoint: MexEndpoint, trust: Trust
) -> Flow[HttpReply]:
    """Send name and password."""
    message_id = yield from new_message(builder)
    shape = context.habits.shape
    guid = str((yield from ask(NewId()))) if shape.takes_guid else ""
    created = yield from ask(Now())
    typed = TypedPassword(name=context.name, password=password, created=created, token_guid=guid)
    applies_to = builder.evidence.applies_to
    asked = UserRequest(trust=trust, to=endpoint.url, applies_to=applies_to, message_id=message_id)
    body = build_user_rst(shape, asked, typed)
    request = HttpRequest(method="POST", url=endpoint.url, headers=rst_headers(context, trust), body=body)
    return (yield from demand(Send(request=request, at=_RST)))
