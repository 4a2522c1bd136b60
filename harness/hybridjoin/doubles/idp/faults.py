"""Every misbehaviour of the reference IdP, by name, as data: what it does, and what may be chosen about it."""

from __future__ import annotations

from collections.abc import Mapping

from hybridjoin.doubles.fault import Fault, Option, by_name

AREAS = ("mex", "transport", "rstr", "request", "passive", "fedmeta")

# WS-Trust 1.3, section 11, and its 2005/02 ancestor name the same eleven.
WS_TRUST_FAULTS = (
    "AuthenticationBadElements", "BadRequest", "ExpiredData", "FailedAuthentication", "InvalidRequest", "InvalidScope",
    "InvalidSecurityToken", "InvalidTimeRange", "RenewNeeded", "RequestFailed", "UnableToRenew",
)  # fmt: skip


def _text(name: str, default: str, sentence: str, *choices: str) -> Option:
    return Option(name=name, type="text", default=default, sentence=sentence, choices=choices)


def _integer(name: str, default: int, sentence: str) -> Option:
    return Option(name=name, type="integer", default=default, sentence=sentence)


_WHERE = _text("where", "sts", "Which address misbehaves.", "mex", "sts")


def _mex(name: str, sentence: str, *options: Option) -> Fault:
    return Fault(name=name, area="mex", sentence=sentence, options=options)


def _transport(name: str, sentence: str, *options: Option) -> Fault:
    return Fault(name=name, area="transport", sentence=sentence, options=options)


def _rstr(name: str, sentence: str, *options: Option) -> Fault:
    return Fault(name=name, area="rstr", sentence=sentence, options=options)


def _request(name: str, sentence: str, *options: Option) -> Fault:
    return Fault(name=name, area="request", sentence=sentence, options=options)


def _passive(name: str, sentence: str, *options: Option) -> Fault:
    return Fault(name=name, area="passive", sentence=sentence, options=options)


def _fedmeta(name: str, sentence: str, *options: Option) -> Fault:
    return Fault(name=name, area="fedmeta", sentence=sentence, options=options)


_ACCOUNT = _text("account", "WS01$", "Whose token it gets.")

_ALL = (
    _mex("mex-over-http", "Every endpoint address in the MEX document begins with http://."),
    _mex("mex-without-usernamemixed", "The MEX document has no port, binding and policy for user name and password."),
    _mex("mex-without-windowstransport", "The MEX document has no port, binding and policy for Windows transport."),
    _mex("mex-only-2005", "The MEX document offers WS-Trust 2005/02 endpoints only."),
    _mex("mex-only-13", "The MEX document offers WS-Trust 1.3 endpoints only."),
    _mex("mex-without-spn", "No port's endpoint reference carries an identity with a service principal name."),
    _mex("mex-without-addresses", "The ports of the MEX document have no address."),
    _mex("mex-unprefixed-binding", "The ports name their binding without a namespace prefix."),
    _mex("mex-dangling-policy", "The Windows transport bindings refer to a policy that is not in the document."),
    _mex(
        "mex-other-id-prefix", "The policies' ids are spelt u:Id, with another prefix than wsu for the same namespace."
    ),
    _mex("mex-other-policy-prefix", "WS-SecurityPolicy's namespace has another prefix than sp."),
    _mex("duplicate-policy-ids", "All policies of the MEX document carry the same wsu:Id."),
    _mex("mex-not-xml", "The MEX address answers 200 with plain text that is not XML."),
    _mex("mex-truncated", "The MEX document ends in its middle."),
    _mex(
        "mex-dtd",
        "The MEX document begins with a document type declaration.",
        _text("kind", "internal", "What it declares.", "internal", "external", "billion-laughs"),
    ),
    _mex(
        "mex-huge",
        "The MEX document is padded with comments to many megabytes and streamed without a length.",
        _integer("megabytes", 50, "How much is sent."),
    ),
    _mex(
        "mex-deep",
        "The MEX document holds elements nested far beyond reason.",
        _integer("depth", 100_000, "How deep."),
    ),
    _transport(
        "401-without-negotiate",
        "The STS answers 401 without offering Negotiate, whatever the client sends.",
        _text("scheme", "none", "What it offers instead.", "none", "basic"),
    ),
    _transport("ntlm-only", "The STS answers 401 and offers NTLM alone, whatever the client sends."),
    _transport("no-mutual-authentication", "The STS' answers leave out the final token that proves its own identity."),
    _transport("wrong-mutual-authentication", "The final token that should prove the STS' identity is damaged."),
    _transport("ignores-channel-binding", "The STS takes tickets that are bound to another TLS channel than its own."),
    _transport(
        "behind-tls-inspection",
        "The STS refuses tickets bound to the certificate that clients see, as if something opened TLS on the way.",
    ),
    _transport("version-banner", "The STS' answers tell the exact versions of the software behind it."),
    _transport("falls-over-large-requests", "After one request beyond a megabyte the STS answers 503 for good."),
    _transport("directory-listing", "The folder of the STS lists what lies in it."),
    _transport("html-with-200", "The address answers every request 200 with an HTML page.", _WHERE),
    _transport("http-500-html", "The address answers every request 500 with an HTML page.", _WHERE),
    _transport(
        "http-status",
        "The address answers every request with one HTTP status and no body.",
        _WHERE,
        _integer("status", 503, "The status."),
    ),
    _transport(
        "wrong-content-type",
        "The address' answers carry another media type than their body has.",
        _WHERE,
        _text("content_type", "text/html; charset=utf-8", "The Content-Type that is sent."),
    ),
    _transport(
        "slow-answer",
        "The address' answers come late, or trickle.",
        _WHERE,
        Option(name="seconds", type="number", default=5, sentence="How long the whole answer takes."),
        _text("manner", "late", "All at once after the time, or piece by piece during it.", "late", "trickle"),
    ),
    _transport(
        "refuses-windows-agent",
        "A firewall before the address refuses whoever calls himself Windows-AzureAD-Authentication-Provider.",
        _WHERE,
    ),
    _transport("username-port-is-dead", "The endpoint for user name and password is published, and answers 404."),
    _transport("never-answers", "The address takes every request and never answers.", _WHERE),
    _transport("connection-reset", "The address resets the TCP connection when it has read a request.", _WHERE),
    _transport(
        "redirect-to-other-host",
        "The address redirects every request to another host.",
        _WHERE,
        _text("host", "elsewhere.hybridjoin.test", "The other host."),
        _integer("status", 307, "The HTTP status of the redirect."),
    ),
    _rstr("saml20-assertion", "A SAML 2.0 assertion with the same content comes instead, and the token type says so."),
    _rstr("second-assertion", "A second assertion, signed as well, stands behind the first in RequestedSecurityToken."),
    _rstr(
        "assertion-without-prefix", "SAML's namespace is the default one, and no element of the assertion has a prefix."
    ),
    _rstr("text-behind-assertion", "A line feed and blanks follow the assertion, as where an answer is indented."),
    _rstr("empty-rstr", "The response has no RequestedSecurityToken."),
    _rstr("rstr-without-collection", "The WS-Trust 1.3 response is not in a collection."),
    _rstr("missing-relates-to", "The answer has no wsa:RelatesTo."),
    _rstr("wrong-relates-to", "The answer relates to a message that was never sent."),
    _rstr("token-type-of-profile", "TokenType is the Token Profile's name for SAML 1.1 instead of SAML 1.0's URN."),
    _rstr("rstr-truncated", "The answer ends in its middle, with a length that agrees."),
    _rstr("rstr-not-xml", "The answer is plain text that is not XML, under the SOAP media type."),
    _rstr(
        "soap-fault",
        "An authenticated request is answered with a SOAP fault.",
        _text("name", "FailedAuthentication", "The WS-Trust fault.", *WS_TRUST_FAULTS),
        _text("soap", "1.2", "The SOAP version of the fault.", "1.1", "1.2"),
        _text("reason", "The fault was ordered by the scenario.", "Its reason text."),
    ),
    _request("accepts-any-applies-to", "A request for any relying party gets a token."),
    _request("accepts-any-request-type", "Whatever the RequestType, a token is issued."),
    _request("accepts-any-action", "The Action header is not compared with the request."),
    _request("accepts-any-token-type", "Whatever the TokenType asked for, the same token is issued."),
    _request("ignores-must-understand", "Unknown header blocks that must be understood are passed over."),
    _request("accepts-any-envelope", "An envelope of any namespace is taken for SOAP 1.2."),
    _request("accepts-malformed-xml", "A request that is not well-formed XML is repaired and answered."),
    _request("accepts-dtd", "A request may have a DTD, and the entities that it declares are expanded."),
    _request("accepts-stale-timestamp", "The Timestamp of a request is not looked at."),
    _request("accepts-replays", "A ticket's authenticator is accepted any number of times."),
    _request("repeats-assertion-id", "Requests of one MessageID get assertions of one AssertionID."),
    _request("takes-users-for-computers", "A user's ticket gets a token that says accounttype DJ."),
    _request("accepts-anonymous", "A request without Authorization gets a token instead of a challenge.", _ACCOUNT),
    _request("takes-foreign-tickets", "A ticket of another realm gets a token, though no key decrypts it.", _ACCOUNT),
    _request("takes-any-password", "Whatever password is typed, a token is issued."),
    _request("repeats-the-password", "The refusal of a wrong password repeats it."),
    _request("refusals-with-400", "Every refusal comes with HTTP 400 instead of 500."),
    _request("replies-elsewhere", "Where ReplyTo names another host, the STS answers 202, as if it sent there."),
    _request("accepts-any-token", "A Negotiate token that is no ticket, NTLM or noise, gets a token.", _ACCOUNT),
    _request("takes-up-ntlm", "The STS offers NTLM too, and answers an NTLM message with NTLM's own challenge."),
    _request("refusals-as-html", "A request that is refused is answered with HTTP 500 and an HTML page, not a fault."),
    _request("vague-refusals", "Every refusal is one fault, RequestFailed of the receiver, to nothing, with HTTP 200."),
    _request("refusals-without-subcode", "Every refusal blames the receiver, without a Subcode, as JAX-WS writes it."),
    _request("stack-trace", "A Negotiate token that cannot be read brings HTTP 500 and a stack trace."),
)
_PASSIVE = (
    _passive("passive-subject-locality", "The AuthenticationStatement for a browser holds a SubjectLocality."),
    _passive("passive-collection", "wresult is the collection of WS-Trust 1.3 instead of one response of 2005/02."),
    _passive(
        "passive-other-applies-to",
        "AppliesTo in wresult names another relying party than the assertion's Audience.",
        _text("address", "urn:federation:another", "What it names."),
    ),
    _passive("passive-carriage-returns", "Signature and certificate in wresult are broken into lines by CR and LF."),
    _passive("passive-indented", "wresult is indented after the assertion was signed."),
    _passive("passive-escaped-twice", "wresult is escaped twice in the form."),
    _passive(
        "passive-cut",
        "wresult ends after so many characters, as behind a firewall with a limit.",
        _integer("characters", 2048, "How many."),
    ),
    _passive("passive-without-wa", "The form has no field wa."),
    _passive("passive-without-wctx", "The form has no field wctx."),
    _passive("passive-changed-wctx", "wctx comes back percent-encoded once more."),
    _passive("passive-without-wresult", "The form has no field wresult."),
    _passive(
        "passive-wrong-action",
        "The form is sent to another host.",
        _text("host", "elsewhere.hybridjoin.test", "The other host."),
    ),
    _passive("passive-by-get", "The form is sent by GET."),
    _passive(
        "passive-password-elsewhere",
        "The page for name and password sends them to another host.",
        _text("host", "collector.hybridjoin.test", "The other host."),
    ),
    _passive("passive-needs-script", "The page holds nothing but a script."),
    _passive("passive-as-json", "A JSON document comes instead of a page."),
    _passive("passive-as-text", "The page has the media type text/plain."),
    _passive("passive-redirects-forever", "The door redirects every browser to itself."),
    _passive("passive-without-method", "A wauth that asks for a password is refused, as by AD FS with MSIS7102."),
    _passive(
        "passive-long-url",
        "An address that is longer than so many characters is refused.",
        _integer("characters", 1024, "How many."),
    ),
    _passive("passive-hangs", "The door takes every request and never answers."),
    _passive(
        "passive-device-trust",
        "Whoever has signed in on a device that the IdP does not manage gets a page that says so.",
        Option(
            name="exempt",
            type="list",
            default=(),
            sentence="Pieces of User-Agents that are let in all the same, as the one of a computer being set up.",
        ),
    ),
)

_FEDMETA = (
    _fedmeta("fedmeta-missing", "There is no FederationMetadata.xml."),
    _fedmeta("fedmeta-truncated", "The federation metadata ends in its middle."),
    _fedmeta("fedmeta-as-html", "The federation metadata has the media type text/html."),
    _fedmeta(
        "fedmeta-other-issuer",
        "The entityID of the federation metadata is another than the assertions' Issuer.",
        _text("issuer", "https://elsewhere.hybridjoin.test/", "What it is."),
    ),
    _fedmeta("fedmeta-other-role", "The federation metadata describes an application instead of a token service."),
    _fedmeta("fedmeta-other-prefix", "The role's type is spelt f:SecurityTokenServiceType, for the same namespace."),
    _fedmeta("fedmeta-without-active", "The role has no SecurityTokenServiceEndpoint."),
    _fedmeta("fedmeta-other-passive", "PassiveRequestorEndpoint names another path than the one in use."),
    _fedmeta("fedmeta-passive-over-http", "PassiveRequestorEndpoint begins with http://."),
    _fedmeta("fedmeta-other-certificate", "The certificate that is published is another than the one that signs."),
    _fedmeta("fedmeta-ended-certificate", "The certificate that is published ended a year ago; its key signs still."),
    _fedmeta("fedmeta-broken-certificate", "A second certificate is published, which is cut."),
    _fedmeta("fedmeta-without-use", "The KeyDescriptor does not say what it is for."),
    _fedmeta("fedmeta-past", "The document says that it held until yesterday (validUntil)."),
    _fedmeta("fedmeta-unsigned", "The federation metadata is not signed."),
    _fedmeta("fedmeta-touched", "An attribute is added to the federation metadata after it was signed."),
    _fedmeta("fedmeta-saml20-alone", "TokenTypesOffered names SAML 2.0 alone."),
    _fedmeta("fedmeta-nameless-claims", "The claim types that are offered have no Uri."),
    _fedmeta("fedmeta-of-ws-trust-alone", "protocolSupportEnumeration does not name WS-Federation."),
)

FAULTS: Mapping[str, Fault] = by_name((*_ALL, *_PASSIVE, *_FEDMETA))
