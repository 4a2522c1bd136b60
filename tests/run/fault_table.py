"""What a certification has to find for each fault of the reference IdP: this, and nothing beside it.

A requirement where the join ends (MEX-04, RSTR-01, TOKEN-01) fails besides the one that says why.
"""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.doubles.fault import OptionValue

REFUSED = "TOKEN-01"  # Entra does not take what such an IdP issues; for review where that is only assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A fault as chosen, and exactly which requirements fail, are warned of and are noted in the default profile.

    `skips` are those that are not tested beyond what the healthy IdP leaves untested, and `why` a piece of the
    reason, where the row is about that. `says` are words that have to stand in what was found.
    """

    fault: str
    options: tuple[tuple[str, OptionValue], ...] = ()
    fails: frozenset[str] = frozenset()
    warns: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    skips: frozenset[str] | None = None
    why: str = ""
    says: str = ""
    idp: str = "pingone"
    limit_s: float = 20.0

    def __str__(self) -> str:
        chosen = ",".join(f"{name}={value}" for name, value in self.options)
        return f"{self.fault}[{chosen}]" if chosen else self.fault


def _ids(text: str) -> frozenset[str]:
    return frozenset(text.split())


def fails(
    fault: str,
    ids: str,
    *,
    warns: str = "",
    notes: str = "",
    says: str = "",
    limit_s: float = 20.0,
    **options: OptionValue,
) -> Row:
    return Row(
        fault=fault,
        fails=_ids(ids),
        warns=_ids(warns),
        notes=_ids(notes),
        says=says,
        limit_s=limit_s,
        options=tuple(options.items()),
    )


def warned(
    fault: str, ids: str, *, notes: str = "", says: str = "", idp: str = "pingone", **options: OptionValue
) -> Row:
    return Row(fault=fault, warns=_ids(ids), notes=_ids(notes), says=says, idp=idp, options=tuple(options.items()))


def noted(fault: str, ids: str, *, says: str = "", **options: OptionValue) -> Row:
    return Row(fault=fault, notes=_ids(ids), says=says, options=tuple(options.items()))


def harmless(fault: str, *, skips: str = "", why: str = "", idp: str = "pingone", **options: OptionValue) -> Row:
    return Row(fault=fault, skips=_ids(skips), why=why, idp=idp, options=tuple(options.items()))


_METADATA = (
    fails("mex-over-http", "MEX-04", warns="MEX-05"),
    warned("mex-without-usernamemixed", "MEX-16", says="windows"),
    fails("mex-without-windowstransport", "MEX-03 MEX-04", says="username"),
    fails("mex-dangling-policy", "MEX-04", warns="MEX-09", says="_of_another_document"),
    fails("mex-without-addresses", "MEX-04", warns="MEX-33", says="without one"),
    fails("mex-not-xml", "MEX-02"),
    fails("mex-truncated", "MEX-02"),
    fails("mex-deep", "MEX-02"),
    fails("mex-dtd", "MEX-02", kind="internal"),
    fails("mex-dtd", "MEX-02", kind="external"),
    fails("mex-dtd", "MEX-02", kind="billion-laughs"),
    fails("mex-huge", "MEX-01"),
    warned("mex-other-id-prefix", "MEX-37", says="u:Id"),
    harmless("mex-other-policy-prefix"),  # to a computer: USER-27 is about MSAL for Go, which signs people in
    # Each other policy's reference leads nowhere as well, and MSAL stops at the second policy of one id.
    fails("duplicate-policy-ids", "MEX-07", warns="MEX-09 MEX-15"),
    noted("mex-only-2005", "MEX-06"),
    noted("mex-without-spn", "MEX-13", says="no Spn"),
    warned("mex-unprefixed-binding", "MEX-11 MEX-15"),
    harmless("mex-only-13", skips="RST-08 RSTR-19", why="WS-Trust February 2005", idp="adfs"),
)
_TRANSPORT = (
    fails("401-without-negotiate", "HTTP-02 RSTR-01", says="no scheme at all", scheme="none"),
    fails("401-without-negotiate", "HTTP-02 RSTR-01", notes="HTTP-04", says="offers Basic", scheme="basic"),
    fails("ntlm-only", "HTTP-02 RSTR-01", notes="HTTP-03", says="offers NTLM"),
    warned("no-mutual-authentication", "HTTP-07", says="did not answer with a token"),
    warned("wrong-mutual-authentication", "HTTP-07", says="does not prove who it is"),
    fails("behind-tls-inspection", "RSTR-01"),
    noted("ignores-channel-binding", "HTTP-14"),
    noted("directory-listing", "NEG-22", says="Index of /"),
    warned("falls-over-large-requests", "NEG-23", says="HTTP 503"),
    noted("version-banner", "NEG-21", says="Apache/2.4.57"),
    fails("html-with-200", "MEX-02", says="found an HTML page", where="mex"),
    fails("html-with-200", "RSTR-02", says="found an HTML page", where="sts"),
    fails("http-500-html", "MEX-01", says="answered HTTP 500", where="mex"),
    fails("http-500-html", "RSTR-02", says="HTTP 500", where="sts"),
    fails("http-status", "MEX-01", says="answered HTTP 503", where="mex"),
    fails("http-status", "RSTR-02", says="HTTP 418", where="sts", status=418),
    fails("connection-reset", "MEX-01", says="closed the connection", where="mex"),
    fails("connection-reset", "RSTR-01", says="closed the connection", where="sts"),
    fails("redirect-to-other-host", "MEX-01", says="elsewhere.hybridjoin.test", where="mex"),
    fails("redirect-to-other-host", "RSTR-01", says="elsewhere.hybridjoin.test", where="sts"),
    warned("wrong-content-type", "MEX-30", says="text/html", where="mex"),
    warned("wrong-content-type", "RSTR-16", says="image/png", where="sts", content_type="image/png"),
    fails("refuses-windows-agent", "MEX-01", warns="MEX-34", says="HTTP 403", where="mex"),
    fails("refuses-windows-agent", "RSTR-02", warns="RST-13", says="HTTP 403", where="sts"),
    warned("username-port-is-dead", "MEX-36", says="HTTP 404", idp="adfs"),
    fails("never-answers", "MEX-32", says="no complete answer within 2 s", limit_s=2.0, where="mex"),
    fails("never-answers", "RSTR-18", says="no complete answer within 2 s", limit_s=2.0, where="sts"),
    fails("slow-answer", "MEX-32", limit_s=2.0, where="mex", seconds=6, manner="late"),
    fails("slow-answer", "MEX-32", limit_s=2.0, where="mex", seconds=6, manner="trickle"),
    fails("slow-answer", "RSTR-18", limit_s=2.0, where="sts", seconds=6, manner="late"),
    fails("slow-answer", "RSTR-18", limit_s=2.0, where="sts", seconds=6, manner="trickle"),
    harmless("slow-answer", where="mex", seconds=0.05),
    harmless("slow-answer", where="sts", seconds=0.02, manner="trickle"),
)
_RESPONSE = (
    # The response's Lifetime keeps to the time of issue, and so no longer is the window of the assertion.
    fails("expired-window", "SAML-05", notes=REFUSED, warns="RSTR-13"),
    fails("future-window", "SAML-05", notes=REFUSED, warns="RSTR-13"),
    fails("wrong-audience", "SAML-08", notes=REFUSED),
    fails("wrong-issuer", f"SAML-02 {REFUSED}"),
    fails("no-conditions", "SAML-04", notes=REFUSED),
    # Nobody has published that Entra refuses it: the join fails, and no requirement that is fatal says why.
    warned("holder-of-key", "SAML-09", notes=REFUSED, says="'subject-confirmation', and that Entra answers"),
    fails("saml20-assertion", "RSTR-08", warns="RSTR-10"),
    fails("second-assertion", "RSTR-09"),
    # MSAL for Go signs people in, and no computer: USER-21 is asked of sign-ins alone (scenarios/sign-in).
    harmless("assertion-without-prefix"),
    warned("text-behind-assertion", "RSTR-21", says="\\n"),
    fails("empty-rstr", "RSTR-08"),
    fails("rstr-without-collection", "RSTR-05"),
    fails("rstr-truncated", "RSTR-02"),
    fails("rstr-not-xml", "RSTR-02"),
    fails("soap-fault", "RSTR-01", says="FailedAuthentication: The fault was ordered"),
    fails(
        "soap-fault",
        "RSTR-01",
        says="InvalidScope: Nobody of that name",
        name="InvalidScope",
        reason="Nobody of that name",
    ),
    fails("soap-fault", "RSTR-01 RSTR-03", says="RequestFailed", name="RequestFailed", soap="1.1"),
    fails("soap-fault", "RSTR-01", says="BadRequest", name="BadRequest", soap="1.2"),
    fails("missing-relates-to", "RSTR-07"),
    fails("wrong-relates-to", "RSTR-07"),
    harmless("token-type-of-profile"),  # to a computer: USER-04 is about people's libraries
)
_SIGNATURE = (
    fails("wrong-signing-key", "SIG-03", notes=REFUSED, says="AADSTS5000811", certificate="own"),
    # The certificate that is shown is the right one; the signature under it is not.
    fails("wrong-signing-key", "SIG-02", notes=REFUSED, says="AADSTS50006", certificate="configured"),
    fails("unsigned", "SIG-01", notes=REFUSED),
    fails("tampered-after-signing", "SIG-02", notes=REFUSED, what="authentication-instant"),
    # What is no longer signed is no longer the computer's SID either.
    fails("tampered-after-signing", "SIG-02 CLAIM-06", notes=REFUSED, what="attribute"),
    fails("whole-document-reference", "SIG-06", notes=REFUSED),
    fails("signature-first", "SAML-15"),
    warned("sha1-signature", "SIG-04 SIG-05"),
    warned("line-breaks-in-signature", "SIG-11", ending="lf"),
    warned("line-breaks-in-signature", "SIG-11", ending="crlf"),
    warned("no-certificate", "SIG-09"),
    warned("inclusive-c14n", "SIG-07 SIG-08"),
)
_REQUEST = (
    warned("accepts-any-applies-to", "NEG-01"),
    fails("accepts-any-request-type", "NEG-02"),
    warned("accepts-any-action", "NEG-03"),
    warned("accepts-any-token-type", "NEG-04"),
    fails("ignores-must-understand", "NEG-05"),
    fails("accepts-any-envelope", "NEG-06"),
    fails("accepts-malformed-xml", "NEG-07"),
    fails("accepts-dtd", "NEG-08"),
    warned("accepts-stale-timestamp", "NEG-09"),
    fails("accepts-replays", "NEG-10"),
    fails("repeats-assertion-id", "NEG-11"),
    fails("takes-users-for-computers", "NEG-12", says="DJ"),
    fails("accepts-anonymous", "HTTP-01 HTTP-06"),
    fails("accepts-any-token", "NEG-13 NEG-15"),
    fails("takes-foreign-tickets", "NEG-20"),
    # A computer types no password: tests/run/test_certify_doors.py has what finds these three.
    harmless("takes-any-password"),
    harmless("repeats-the-password"),
    harmless("refusals-with-400"),
    warned("replies-elsewhere", "NEG-19", says="HTTP 202"),
    noted("takes-up-ntlm", "HTTP-03 NEG-14", says="negotiate, ntlm"),
    warned("refusals-as-html", "FAULT-04 FAULT-16", says="found an HTML page"),
    fails(
        "vague-refusals",
        "FAULT-05 FAULT-14 FAULT-15",
        warns="FAULT-08 FAULT-09 FAULT-11 FAULT-12 FAULT-13",
        says="Receiver",
    ),
    warned("refusals-without-subcode", "FAULT-06 FAULT-09 FAULT-10 FAULT-11 FAULT-12 FAULT-13", says="Receiver"),
    warned("stack-trace", "NEG-16 NEG-17", says="Traceback"),
)
ROWS = (*_METADATA, *_TRANSPORT, *_RESPONSE, *_SIGNATURE, *_REQUEST)
