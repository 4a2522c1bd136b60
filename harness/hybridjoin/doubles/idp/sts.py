"""The security token service: an authenticated request in, a token or the fitting SOAP fault out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hybridjoin.doubles.idp import kerberos_login, leniency
from hybridjoin.doubles.idp.config import KERBEROS, IdpConfig
from hybridjoin.doubles.idp.encodings import Facts
from hybridjoin.doubles.idp.expression import evaluate, parse
from hybridjoin.doubles.idp.issue import Answer, issue, ordered_fault
from hybridjoin.doubles.idp.ldap_gateway import GatewayError, LdapGateway, User
from hybridjoin.doubles.idp.mapping import WINDOWS_AUTHENTICATION, Claim, resolve
from hybridjoin.doubles.idp.rst import Rst, RstRefused, check_rst, read_rst
from hybridjoin.doubles.idp.signing import SigningIdentity
from hybridjoin.doubles.idp.token import Token, new_token

PASSWORD_AUTHENTICATION = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password"
PASSWORD_METHOD = "urn:oasis:names:tc:SAML:1.0:am:password"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One line of the IdP's audit log, on the IdP's clock; it never holds a ticket, a password or a token."""

    at: datetime
    event: str
    detail: str

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ} {self.event}: {self.detail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whom the transport authenticated: an account name and its realm."""

    account: str
    realm: str


class SecurityTokenService:
    """Issues tokens for accounts that the gateway finds; remembers what happened in `audit`."""

    def __init__(self, config: IdpConfig) -> None:
        self._config = config
        self.identity = SigningIdentity.read(config.signing_key, config.signing_certificate)
        self._gateway = LdapGateway(config.ldap)
        self.audit: list[AuditEvent] = []

    def now(self) -> datetime:
        """Return the time on the IdP's clock."""
        return datetime.now(UTC) + timedelta(seconds=self._config.clock_offset_s)

    def note(self, event: str, detail: str) -> None:
        """Write a line of the audit log."""
        self.audit.append(AuditEvent(at=self.now(), event=event, detail=detail))

    def answer_windows(self, body: bytes, caller: Caller, *, trusts: tuple[str, ...]) -> Answer:
        """Answer the request of a caller whose ticket was accepted."""
        return self._answering(body, trusts, lambda rst: self._issue(rst, caller, method=None))

    def answer_username(self, body: bytes, *, trusts: tuple[str, ...]) -> Answer:
        """Answer a request that carries a name and a password in its WS-Security header."""
        return self._answering(body, trusts, self._by_password)

    def answer_certificate(self, body: bytes, *, trusts: tuple[str, ...]) -> Answer:
        """Refuse a request for certificate users: none are registered here."""
        return self._answering(body, trusts, self._by_certificate)

    def _answering(self, body: bytes, trusts: tuple[str, ...], work: Callable[[Rst], Answer]) -> Answer:
        try:
            lenient = leniency.names(self._config.faults)
            rst = read_rst(body, fallback_trust=trusts[0], lenient=lenient)
            check_rst(rst, audience=self._config.audience, trust_versions=trusts, now=self.now(), lenient=lenient)
            for fault in self._config.faults:
                if fault.name == "soap-fault":
                    self.note("Token Refused", f"{fault.text('name')}, as the scenario ordered")
                    return ordered_fault(fault, rst, now=self.now())
            return leniency.sent_away(rst, self._config.faults) or work(rst)
        except RstRefused as refused:
            self.note("Token Refused", str(refused))
            return leniency.refusal(refused, self._config.faults, now=self.now())

    def _by_password(self, rst: Rst) -> Answer:
        return self._issue(rst, self.caller_by_password(rst), method=PASSWORD_METHOD)

    def caller_by_password(self, rst: Rst) -> Caller:
        """Return who a request's name and password are.

        Raises:
            RstRefused: they are nobody's, or the directory cannot be asked.
        """
        account, _, realm = rst.username.rpartition("\\")[2].partition("@")
        if not account:
            raise RstRefused("FailedAuthentication", "The request carries no UsernameToken.", rst=rst)
        wrong = "The name or the password is wrong."  # one sentence for both: nobody learns here who has an account
        user = self._find(rst, account, unknown=wrong)
        try:
            taken = leniency.ANY_PASSWORD in leniency.names(self._config.faults)
            problem = "" if taken else self._password_problem(user, rst.password)
        except GatewayError as failure:
            raise self._directory_down(rst, failure) from failure
        if problem:
            self.note("Password Check Failed", f"{account}: {problem}")
            repeated = leniency.REPEATED in leniency.names(self._config.faults)
            reason = f"{wrong} It was {rst.password}." if repeated else wrong
            raise RstRefused("FailedAuthentication", reason, rst=rst)
        self.note("Password Check Succeeded", account)
        return Caller(account=account, realm=realm)

    def _password_problem(self, user: User, password: str) -> str:
        """Check a password in the way that the service is set to."""
        where = self._config.krb5_config
        if where is None or self._config.password_check != KERBEROS:
            return self._gateway.password_problem(user.dn, password)
        account = user.entry["samaccountname"]
        return kerberos_login.password_problem(account, self._config.ldap.realm, password, krb5_config=where)

    def _by_certificate(self, rst: Rst) -> Answer:
        raise RstRefused("FailedAuthentication", "No certificate users are registered at this service.", rst=rst)

    def _find(self, rst: Rst, account: str, *, unknown: str = "The caller is not known to this service.") -> User:
        try:
            user = self._gateway.find_user(account, self._config.user_types, extra=self._config.ldap_references)
        except GatewayError as failure:
            raise self._directory_down(rst, failure) from failure
        if user is None:
            self.note("User Lookup Failed", f"no user type's filter finds exactly one entry for {account!r}")
            raise RstRefused("FailedAuthentication", unknown, rst=rst)
        self.note("User Lookup Succeeded", f"{account} is {user.dn} ({user.user_type}, linked by {user.linked_by})")
        return user

    def _issue(self, rst: Rst, caller: Caller, *, method: str | None) -> Answer:
        token = self.token_for(rst, caller, method=method)
        return issue(
            rst,
            token,
            self.identity,
            profile=self._config.profile,
            faults=self._config.faults,
            handed_over=self._config.handed_over,
        )

    def token_for(self, rst: Rst, caller: Caller, *, method: str | None) -> Token:
        """Return what an assertion for a caller says; `method` overrides the configured authentication method.

        Raises:
            RstRefused: the caller is unknown here, or has no subject.
        """
        user = self._find(rst, caller.account)
        facts = Facts(values=_values(user, caller), lookup=self._lookup(rst))
        subject = evaluate(parse(self._config.subject.expression), facts)
        if subject is None and leniency.USERS_TOO in leniency.names(self._config.faults):
            subject = caller.account
        if subject is None:
            # assumed: PingOne's answer to an application whose subject mapping gives NULL has not been seen; a token
            # without a subject cannot be issued, so the request fails.
            reason = f"The subject mapping {self._config.subject.expression} has no value for {caller.account}."
            raise RstRefused("RequestFailed", reason, rst=rst)
        claims = _as_shown(resolve(self._config.mappings, facts, user.user_type), method)
        token = new_token(self._config, subject=subject, claims=claims, now=self.now(), method=method)
        token = leniency.issued(token, rst.message_id, user.user_type, self._config.faults)
        self.note("Token Issued", f"{token.assertion_id} for {caller.account}: {', '.join(c.name for c in claims)}")
        return token

    def _lookup(self, rst: Rst) -> Callable[[str, str], str | None]:
        def lookup(account: str, attribute: str) -> str | None:
            try:
                return self._gateway.attribute_of(account, attribute)
            except GatewayError as failure:
                raise self._directory_down(rst, failure) from failure

        return lookup

    def _directory_down(self, rst: Rst, failure: GatewayError) -> RstRefused:
        self.note("Directory Unreachable", str(failure))
        return RstRefused("RequestFailed", "The user directory cannot be asked at the moment.", rst=rst)


def _as_shown(claims: tuple[Claim, ...], method: str | None) -> tuple[Claim, ...]:
    """Say of a password, where the profile's own claim says what was shown, that it was one."""
    if method != PASSWORD_METHOD:
        return claims
    windows, password = (WINDOWS_AUTHENTICATION,), (PASSWORD_AUTHENTICATION,)
    return tuple(replace(claim, values=password) if claim.values == windows else claim for claim in claims)


def _values(user: User, caller: Caller) -> dict[str, str]:
    values = {f"ldap.{name}": value for name, value in user.entry.items()}
    values |= {f"user.{name}": value for name, value in user.profile.items()}
    values["kerberos.principal"] = f"{caller.account}@{caller.realm}"
    values["kerberos.account"] = caller.account
    values["kerberos.realm"] = caller.realm
    values["kerberos.upn"] = f"{caller.account}@{caller.realm.lower()}"
    return values
