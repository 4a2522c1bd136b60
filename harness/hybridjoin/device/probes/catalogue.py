"""Every probe, by hand: what it asks, what it needs, and whether it may harm."""

from __future__ import annotations

from hybridjoin.device.needs import Manner
from hybridjoin.device.probes import metadata, requests
from hybridjoin.device.probes.asking import Bend, Question
from hybridjoin.device.probes.probe import Probe, ProbeNeed
from hybridjoin.device.probes.requests import ProbeFlow, bent, in_version, once, with_token, wrong_realm
from hybridjoin.protocol import rst_variants as variants
from hybridjoin.protocol.mex import Trust

__all__ = ["PROBES", "find_probe"]

_MEX = frozenset({ProbeNeed.METADATA})
_STS = frozenset({ProbeNeed.WINDOWS_ENDPOINT})
_FOLDER = Question(method="GET", as_computer=False, folder=True)
_LARGE = (("X-Hybridjoin-Padding", "a" * requests.LARGE_HEADER_BYTES),)


def _mex(probe: str, sentence: str, flow: ProbeFlow, *more: ProbeNeed) -> Probe:
    return Probe(id=probe, sentence=sentence, flow=flow, needs=_MEX | set(more))


def _sts(probe: str, sentence: str, flow: ProbeFlow, *more: ProbeNeed, hostile: bool = False) -> Probe:
    return Probe(id=probe, sentence=sentence, flow=flow, needs=_STS | set(more), hostile=hostile)


def _hostile(probe: str, sentence: str, flow: ProbeFlow) -> Probe:
    return _sts(probe, sentence, flow, hostile=True)


def _asked(probe: str, sentence: str, question: Question) -> Probe:
    return _sts(probe, sentence, once(probe, question))


def _bent(probe: str, sentence: str, bend: Bend, *, hostile: bool = False) -> Probe:
    return _sts(probe, sentence, bent(probe, bend), hostile=hostile)


_METADATA = (
    _mex("mex-transfer-get", "Asks for the metadata by a WS-Transfer Get in SOAP 1.2.", metadata.transfer_get),
    _mex("mex-unknown-action", "Asks the metadata service for an action nobody has.", metadata.unknown_action),
    _mex("mex-twice", "Fetches the metadata two times.", metadata.twice),
    _mex("mex-query", "Fetches the metadata with an unknown query parameter.", metadata.with_query),
    _mex("mex-accept", "Fetches the metadata with Accept */* and without Accept.", metadata.any_accept),
    _mex("mex-other-agent", "Fetches the metadata as Windows' token client and under no name.", metadata.other_agent),
    _mex(
        "username-port", "Sends a bare RST to the port for names.", requests.username_port, ProbeNeed.USERNAME_ENDPOINT
    ),
    _mex("mex-twin", "Fetches PingOne's mex beside mex13.", metadata.twin, ProbeNeed.TWIN_METADATA),
)
_TOLERANCE = (
    _asked("rst-plain", "Sends Windows' RST, without SOAPAction.", Question()),
    _sts("rst-soap-action", "Sends the RST with SOAPAction.", requests.with_soap_action),
    _sts("rst-action-parameter", "Sends the RST with action= on its media type.", requests.with_action_parameter),
    _asked("rst-msal", "Sends the RST in MSAL's shape.", Question(shape="msal")),
    _bent("rst-lower-case-message-id", "Sends wsa:messageID in lower case.", variants.with_lower_case_message_id),
    _sts("rst-empty-first", "Sends an empty POST first, then the RST with the ticket.", requests.empty_first),
    _asked("rst-at-once", "Shows the ticket without waiting for a challenge.", Question(manner=Manner.AT_ONCE)),
    _sts("rst-13", "Asks the WS-Trust 1.3 endpoint.", in_version("rst-13", Trust.V13), ProbeNeed.TRUST_13),
    _sts(
        "rst-2005",
        "Asks the WS-Trust February 2005 endpoint.",
        in_version("rst-2005", Trust.FEB2005),
        ProbeNeed.TRUST_2005,
    ),
    _bent("rst-token-type", "Asks for SAML 1.1 by TokenType.", requests.typed),
    _sts("rst-query", "Sends the RST with an unknown query parameter.", requests.with_query),
    _sts("rst-other-agent", "Sends the RST as Windows' token client and under no name.", requests.other_agent),
    _sts("rst-timestamp", "Sends the RST with a good Timestamp, which need not be understood.", requests.fresh),
    _asked("rst-large-header", "Sends the RST with eight more kilobytes of headers.", Question(headers=_LARGE)),
)
_REFUSALS = (
    _asked("rst-anonymous", "Sends the RST without Authorization.", Question(as_computer=False)),
    _asked("rst-get", "Sends a GET to the token endpoint.", Question(method="GET", as_computer=False)),
    _sts("rst-applies-to", "Asks for a token for an unknown relying party.", wrong_realm("rst-applies-to")),
    _bent("rst-request-type", "Asks with an unknown RequestType.", variants.asking_for_nothing_known),
    _bent("rst-unknown-token-type", "Asks for an unknown TokenType.", requests.oddly_typed),
    _bent("rst-action-mismatch", "Says Renew in the header and Issue in the body.", variants.with_action_of_renewal),
    _bent("rst-must-understand", "Adds an unknown header that must be understood.", variants.with_unknown_header),
    _bent("rst-envelope", "Sends the RST in an unknown SOAP version.", variants.in_unknown_envelope),
    _asked("rst-media-type", "Sends the RST as text/plain.", Question(content_type="text/plain; charset=utf-8")),
    _asked(
        "rst-other-channel",
        "Shows a ticket that is bound to another TLS channel.",
        Question(manner=Manner.OTHER_CHANNEL),
    ),
    _sts("rst-user", "Sends the RST with a user's ticket.", once("rst-user", Question()), ProbeNeed.USER_ACCOUNT),
    _sts("rst-disabled", "Asks as a disabled computer.", requests.as_disabled, ProbeNeed.DISABLED_ACCOUNT),
)
_HOSTILE = (
    _bent("rst-malformed", "Sends an RST that is not well-formed XML.", variants.malformed, hostile=True),
    _bent("rst-dtd", "Sends an RST whose realm is an entity of a DTD.", variants.with_dtd, hostile=True),
    _hostile("rst-stale", "Sends an RST whose Timestamp has expired and must be understood.", requests.stale),
    _hostile("rst-duplicate", "Sends the same RST twice, each time with a new ticket.", requests.duplicate),
    _hostile("rst-replay", "Sends the same RST twice with the same token.", requests.replay),
    _hostile("rst-ntlm", "Shows an NTLM message.", with_token("rst-ntlm", requests.NTLM_NEGOTIATE)),
    _hostile("sts-folder", "Asks for the folder that the endpoint lies in.", once("sts-folder", _FOLDER)),
    _hostile("rst-foreign-ticket", "Shows a forged ticket of another realm.", requests.with_foreign_ticket),
    _bent(
        "rst-reply-elsewhere",
        "Asks for the answer at another host, which there cannot be.",
        variants.with_reply_elsewhere,
        hostile=True,
    ),
    _hostile("rst-garbage", "Shows a Negotiate token that is none.", with_token("rst-garbage", requests.GARBAGE)),
    # The last one: what it does to a service that falls over it is then no other probe's answer.
    _hostile("rst-oversize", "Sends one RST of three megabytes, then Windows' own.", requests.oversize),
)
PROBES: tuple[Probe, ...] = (*_METADATA, *_TOLERANCE, *_REFUSALS, *_HOSTILE)


def find_probe(probe_id: str) -> Probe | None:
    """Return the probe of that id."""
    return next((item for item in PROBES if item.id == probe_id), None)
