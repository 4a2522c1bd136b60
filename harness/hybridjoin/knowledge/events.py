"""The events of the device: User Device Registration/Admin, and those of AAD that a federated join leaves behind."""

from __future__ import annotations

from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge import windows_causes as w
from hybridjoin.knowledge.article import Article, ArticleKind, Cause, cause
from hybridjoin.knowledge.kerberos import COMPUTER
from hybridjoin.model.verdict import Certainty

UDR = "User Device Registration/Admin"
OPERATIONAL, ANALYTIC = "AAD/Operational", "AAD/Analytic"
_MANIFEST = "the event provider's manifest"
_TROUBLE = "Microsoft: Troubleshoot Microsoft Entra hybrid joined devices"

_AUTH = cause(
    "The IdP or Entra refused the computer; the event's Server error names the reason.",
    "AdalErrorCode, AdalMessage and AdalLog in the event's text; an AADSTS number, where there is one.",
    "hybridjoin explain '<the event's text>' finds the codes in it.",
    related="TOKEN-01 RSTR-01",
    elsewhere=True,
)
_BOTH = cause(
    "EnterpriseDrsName points at an AD FS registration service while Entra's is set too; only one is allowed.",
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\CDJ, EnterpriseDrsName.",
    "Remove EnterpriseDrsName.",
)
_SYSTEM = cause(
    "dsregcmd /join was not run as SYSTEM.",
    "whoami in that shell.",
    "psexec -s -i cmd, then dsregcmd /join /debug; or start the task Automatic-Device-Join.",
)
_NO_DC = cause(
    "No domain controller answers: VPN not up yet, wrong DNS server, another network.",
    "nltest /dsgetdc:<domain>",
    "Join where a domain controller can be seen.",
)
_JOINED = cause(
    "The device is joined already.", "dsregcmd /status: AzureAdJoined.", "Nothing to do; or dsregcmd /leave."
)
_SERVICE = cause(
    "A service that the join needs is not running.",
    "sc query LanmanWorkstation",
    "Start it and set it to automatic.",
)
_CERTIFICATE = cause(
    "The computer's self-signed userCertificate, or its key, could not be made or read.",
    "The error code of the event; the computer's userCertificate attribute in AD.",
    "Run the task Automatic-Device-Join again; it writes userCertificate anew.",
)
_FINE = (w.NOTHING,)
_DISCOVERY = (c.PROXY, c.UNREACHABLE, w.WRONG_SCP)
_SENDING = (c.UNREACHABLE, c.PROXY, c.TLS)
_JOIN = (c.FALLBACK, c.NOT_SYNCED, w.DRS_TOKEN)

# id, what it says, phase, causes, ids to see
_ROWS: tuple[tuple[int, str, str, tuple[Cause, ...], str], ...] = (
    (100, "The discovery request was sent.", "discover", _FINE, ""),
    (101, "Discovery succeeded; ServerMessage is the whole Discover document.", "discover", _FINE, ""),
    (102, "The join was initialized.", "join", _FINE, ""),
    (103, "The join request was sent.", "join", _FINE, ""),
    (104, "The join response is good; it holds the reply and an ActivityId.", "join", _FINE, ""),
    (105, "The join was completed.", "join", _FINE, ""),
    (106, "The tasks after the join succeeded.", "join", _FINE, ""),
    (110, "The join's state was cleared.", "", _FINE, ""),
    (111, "The join's state was flushed.", "", _FINE, ""),
    (200, "The discovery request could not be sent.", "discover", _SENDING, "0x801c0021"),
    (201, "Discovery failed; the event holds exit code, HTTP status and body.", "discover", _DISCOVERY, "0x801c0021"),
    (202, "The join could not be initialized.", "join", (w.TPM, _CERTIFICATE), ""),
    (203, "The join request could not be sent.", "join", _SENDING, ""),
    (204, "The join was refused; exit code, ActivityId, status and answer are in it.", "join", _JOIN, "0x801c03f2"),
    (205, "The join could not be completed with what the service issued.", "join", (w.TPM, _CERTIFICATE), ""),
    (219, "The AD join status could not be read.", "pre-check", (COMPUTER, _NO_DC), ""),
    (220, "The computer's name could not be read in AD (1312, 1317).", "pre-check", (COMPUTER, _NO_DC), "307"),
    (221, "The LDAP connection failed.", "discover", (_NO_DC, COMPUTER), "307"),
    *((number, "WinHTTP failed; the event holds its error.", "any phase", _SENDING, "") for number in range(225, 233)),
    (233, "The WinHTTP callback failed, with status and error.", "any phase", _SENDING, "0x80072ee7"),
    *((number, "WinHTTP failed; the event holds its error.", "any phase", _SENDING, "") for number in range(234, 237)),
    (241, "A session with the key storage provider.", "join", (w.TPM,), "0x80090016"),
    (244, "The data for a synchronized join could not be signed.", "join", (_CERTIFICATE, w.TPM), ""),
    (245, "The certificate for a synchronized join could not be had.", "join", (_CERTIFICATE,), ""),
    (246, "The join's state was kept.", "", _FINE, ""),
    (304, "Automatic registration failed at the join phase.", "join", _JOIN, "0x801c03f2 0xcaa20003"),
    (305, "Automatic registration failed at the authentication phase.", "auth",
     (_AUTH, c.NAMESPACE, c.ANCHOR, c.ISSUER), "0xcaa20003 AADSTS51004"),
    (306, "Automatic registration succeeded.", "join", _FINE, ""),
    (307, "Automatic registration failed: no registration information from AD.", "discover",
     (w.NO_SCP, COMPUTER, _NO_DC), "0x801c001d"),
    (309, "The registration service could not be discovered.", "discover", _DISCOVERY, "0x801c0021"),
    (330, "Both Entra's and an enterprise registration service are set.", "pre-check", (_BOTH,), ""),
    (331, "The pre-checks were completed.", "pre-check", _FINE, ""),
    (332, "The device will join again.", "pre-check", _FINE, ""),
    (333, "The join has to be run as SYSTEM.", "pre-check", (_SYSTEM,), ""),
    (334, "No domain controller was found.", "pre-check", (_NO_DC,), ""),
    (335, "The device is joined already.", "pre-check", (_JOINED,), ""),
    *((number, "About the proxy's detection or settings.", "any phase", (c.PROXY,), "") for number in range(336, 342)),
    (344, "The device key could not be used.", "join", (w.TPM,), "0x80090016"),
    (345, "The device key could not be used.", "join", (w.TPM,), "0x80090016"),
    (354, "A JSON request failed.", "any phase", (c.PROXY, c.UNREACHABLE), "0x8007000d"),
    (369, "The workstation service is not ready.", "pre-check", (_SERVICE,), ""),
    (370, "The device could not be unregistered.", "", (c.UNREACHABLE, w.SERVER), ""),
    (371, "The device was unregistered.", "", _FINE, ""),
)  # fmt: skip
_AAD: tuple[tuple[int, str, str, tuple[Cause, ...], str], ...] = (
    (1081, OPERATIONAL, "An OAuth error came back from Entra.", (w.REFUSED,), "0xcaa20003"),
    (1084, OPERATIONAL, "A request for a token failed.", (w.REFUSED, c.UNREACHABLE), "0xcaa20003"),
    (1088, OPERATIONAL, "The IdP answered with a WS-Trust fault, which the text names.", (w.SOAP_FAULT,), "0xcaa90014"),
    (1098, OPERATIONAL, "A token operation failed; see the HRESULT in it.", (w.REFUSED, w.SOAP_FAULT), "0xcaa90014"),
    (1006, ANALYTIC, "The request for a primary refresh token began.", _FINE, ""),
    (1007, ANALYTIC, "The request for a primary refresh token ended.", _FINE, ""),
    (1022, ANALYTIC, "A WS-Trust or metadata address was used for the primary refresh token.", _FINE, ""),
    (1144, ANALYTIC, "The user realm was discovered for the primary refresh token.", _FINE, ""),
)  # fmt: skip
_DECODED = {
    304: "Read 'Registration Type': sync says that this was the fallback, and the federated join failed before it.",
    306: "Succeeded may mean the fallback, and no field says which: event 305 before it does, or the Debug log.",
    220: "1312 and 1317 point at the computer object itself: unreadable, disabled, or on another domain controller.",
}


def _event(number: int, log: str, meaning: str, phase: str, causes: tuple[Cause, ...], see: str) -> Article:
    documented = number in {304, 305, 307} or log == OPERATIONAL
    return Article(
        id=f"event {number}",
        kind=ArticleKind.EVENT,
        symbol=log,
        meaning=meaning,
        certainty=Certainty.DOCUMENTED if documented else Certainty.OBSERVED,
        source=_TROUBLE if documented else _MANIFEST,
        phase=phase,
        decoded=_DECODED.get(number, ""),
        causes=causes,
        see=tuple(f"event {name}" if name.isdigit() else name for name in see.split()),
        aliases=(str(number), f"event{number}", f"event id {number}"),
    )


EVENTS: tuple[Article, ...] = (
    *(_event(number, UDR, meaning, phase, causes, see) for number, meaning, phase, causes, see in _ROWS),
    *(_event(number, log, meaning, "auth", causes, see) for number, log, meaning, causes, see in _AAD),
)
