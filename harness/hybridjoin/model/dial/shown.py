"""What Windows shows, for the rows that show the same: told once, with how sure it is and why."""

from __future__ import annotations

from hybridjoin.model.dial.row import Shown
from hybridjoin.model.steps import Phase
from hybridjoin.model.verdict import Certainty

_TROUBLE = "Microsoft: Troubleshoot Microsoft Entra hybrid joined devices"
_DSREGCMD = "Microsoft: Troubleshoot devices by using the dsregcmd command"
_BY_STATUS = "inferred: the code is 0xcaa30000 plus the HTTP status that stands in the end"
_AS_UNREADABLE = "inferred: the code is the one of a service connection point that cannot be read"

JOINED = Shown(
    phase=None,
    code="",
    event="event 306",
    words="the join succeeds, and nobody notices anything",
    certainty=Certainty.DOCUMENTED,
    source=_TROUBLE,
)
NO_TICKET = Shown(
    phase=Phase.AUTH,
    code="0xcaa30191",
    event="event 305",
    words="Windows falls back to NTLM without a word, the identity provider answers 401 to it",
    certainty=Certainty.ASSUMED,
    source=_BY_STATUS,
)
REFUSED_TICKET = Shown(
    phase=Phase.AUTH,
    code="0xcaa30191",
    event="event 305",
    words="the identity provider answers 401 to the ticket; only its own log says why",
    certainty=Certainty.ASSUMED,
    source=_BY_STATUS,
)
NO_AES_KEYS = Shown(
    phase=Phase.AUTH,
    code="0xcaa30191",
    event="event 305",
    words="as before the box was ticked: the identity provider answers 401; Samba's KDC issues RC4 all the same, even "
    "to a device that asks for AES alone, where Windows' answers KDC_ERR_ETYPE_NOSUPP and writes event 16 or 27",
    certainty=Certainty.ASSUMED,
    source="inferred: both end in 401, and the code is 0xcaa30000 plus the HTTP status that stands in the end",
)
KEPT_TICKET = Shown(
    phase=Phase.AUTH,
    code="0xcaa30191",
    event="event 305",
    words="the identity provider answers 401 until the ticket ends or is purged; klist -li 0x3e7 shows the computer's",
    certainty=Certainty.ASSUMED,
    source=_BY_STATUS,
)
REFUSED_CALLER = Shown(
    phase=Phase.AUTH,
    code="0xcaa90014",
    event="event 305",
    words="the identity provider takes the ticket and answers the request with a SOAP fault; event 1088 of AAD has it",
    certainty=Certainty.DOCUMENTED,
    source=_TROUBLE,
)
NO_LOGON = Shown(
    phase=Phase.DISCOVER,
    code="0x801c001d",
    event="event 307",
    words="the computer cannot log on, so that the service connection point cannot be read; event 220 says 1317",
    certainty=Certainty.ASSUMED,
    source=_AS_UNREADABLE,
)
BROKEN_TRUST = Shown(
    phase=Phase.DISCOVER,
    code="0x801c001d",
    event="event 307",
    words="people read that the trust relationship between this workstation and the primary domain failed",
    certainty=Certainty.ASSUMED,
    source=_AS_UNREADABLE,
)
NO_CONTROLLER = Shown(
    phase=Phase.PRE_CHECK,
    code="",
    event="event 334",
    words="AD Connectivity Test: FAIL, isDcAvailable: NO, and the scheduled task comes again in an hour; this device "
    "makes no pre-check of its own, and ends where it would have read the service connection point",
    certainty=Certainty.DOCUMENTED,
    source=_DSREGCMD,
)
NO_KDC = Shown(
    phase=Phase.DISCOVER,
    code="0x801c001d",
    event="event 307",
    words="the pre-check finds the controller all the same; where the directory takes NTLM, Windows comes as far as "
    "the identity provider, and shows 0xcaa30191 instead",
    certainty=Certainty.ASSUMED,
    source=_AS_UNREADABLE,
)
NO_POINT = Shown(
    phase=Phase.DISCOVER,
    code="0x801c001d",
    event="event 307",
    words="AD Configuration Test: FAIL in the Diagnostic Data of dsregcmd /status",
    certainty=Certainty.DOCUMENTED,
    source=_DSREGCMD,
)
WRONG_TENANT = Shown(
    phase=Phase.DISCOVER,
    code="0x801c003a",
    event="event 309",
    words="DRS Discovery Test: FAIL",
    certainty=Certainty.ASSUMED,
    source="inferred: the code is documented for a tenant that is not found, not which status brings it",
)
BAD_CERTIFICATE = Shown(
    phase=Phase.AUTH,
    code="0xcaa82f8f",
    event="event 305",
    words="the TLS handshake with the identity provider fails before any request is sent",
    certainty=Certainty.ASSUMED,
    source="inferred: 12175 (0x2f8f) is WinHTTP's number for a certificate that is not accepted",
)
CUT_OFF = Shown(
    phase=Phase.AUTH,
    code="0xcaa82efe",
    event="event 305",
    words="the connection to the identity provider is torn down",
    certainty=Certainty.DOCUMENTED,
    source=_TROUBLE,
)
WRONG_DOMAIN = Shown(
    phase=Phase.AUTH,
    code="0xcaa20002",
    event="event 305",
    words="Entra knows no domain of that issuer, and says AADSTS50107",
    certainty=Certainty.DOCUMENTED,
    source=_TROUBLE,
)
NOT_SYNCED = Shown(
    phase=Phase.JOIN,
    code="0x801c03f2",
    event="event 304",
    words="the device object by the given id is not found, and the scheduled task comes again in an hour",
    certainty=Certainty.DOCUMENTED,
    source=_TROUBLE,
)
OTHER_CERTIFICATE = Shown(
    phase=Phase.JOIN,
    code="0x801c0002",
    event="event 304",
    words="the verification of the target computer's SID failed: Entra holds the certificate of another key",
    certainty=Certainty.DOCUMENTED,
    source=_TROUBLE,
)
NO_SIGN_IN = Shown(
    phase=Phase.AUTH,
    code="0xcaa90014",
    event="event 1088",
    words="the person reads that name or password is wrong: a locked account is answered alike",
    certainty=Certainty.ASSUMED,
    source="inferred: an LDAP bind of a locked account answers 49 with data 775, which the gateway does not pass on",
)
SIGNS_IN = Shown(
    phase=None,
    code="",
    event="",
    words="nothing of its own: people are asked for a password where a ticket would have done",
    certainty=Certainty.DOCUMENTED,
    source="Microsoft: Troubleshoot Microsoft Entra seamless single sign-on",
)
RENEWED = Shown(
    phase=None,
    code="",
    event="",
    words="nothing: LSA logs on anew with the machine's password before the ticket-granting ticket ends; only a device "
    "without that (a service of its own, a cache that was copied) meets the error",
    certainty=Certainty.ASSUMED,
    source="inferred from MS-KILE 3.2: the client holds the long-term key and may ask at any time",
)
