"""The formats that are read line by line, and the kinds that a file's first octets tell; a new format is a row here.

A format is recognised by a line that it alone begins with, never by the name of its file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hybridjoin.extras import extra_line
from hybridjoin.intake.files import (
    adfs_configuration,
    directory_text,
    dsregcmd_debug,
    dsregcmd_status,
    dsregtool,
    event_csv,
    event_text,
    event_xml,
    federation_lines,
    html_page,
    json_documents,
    kerberos_text,
    network_text,
    ping_logs,
    registry_text,
)
from hybridjoin.intake.files.keytab_file import MAGIC
from hybridjoin.intake.files.line_reader import TextFormat

TEXT_FORMATS: Final[tuple[TextFormat, ...]] = (
    TextFormat(
        name="dsregcmd /join /debug",
        begins=dsregcmd_debug.BEGINS,
        reader=dsregcmd_debug.DebugScreen,
        yields="the attempt: its phases, codes, log, Entra's answer, and by which road it was joined",
    ),
    TextFormat(
        name="dsregcmd /status",
        begins=dsregcmd_status.BEGINS,
        reader=dsregcmd_status.StatusScreen,
        yields="every field of every section",
    ),
    TextFormat(
        name="federation settings",
        begins=federation_lines.BEGINS,
        reader=federation_lines.FederationPassage,
        yields="a domain's settings in Entra, or what a command sets",
    ),
    TextFormat(
        name="event log as XML",
        begins=event_xml.BEGINS,
        reader=event_xml.EventXml,
        yields="events of User Device Registration and of AAD, with their fields",
    ),
    TextFormat(
        name="event log as CSV",
        begins=event_csv.BEGINS,
        reader=event_csv.EventCsv,
        yields="the same events, from their texts",
    ),
    TextFormat(
        name="event log as text",
        begins=event_text.BEGINS,
        reader=event_text.EventText,
        yields="the same events, from their texts",
    ),
    TextFormat(
        name="PingFederate audit log",
        begins=ping_logs.AUDIT_BEGINS,
        reader=ping_logs.AuditLog,
        yields="who asked the WS-Trust service, and with what outcome",
    ),
    TextFormat(
        name="PingFederate server log",
        begins=ping_logs.SERVER_BEGINS,
        reader=ping_logs.ServerLog,
        yields="why Kerberos refused",
    ),
    TextFormat(
        name="DSRegTool",
        begins=dsregtool.BEGINS,
        reader=dsregtool.RegToolLog,
        yields="each of its tests' sentences",
    ),
    TextFormat(
        name="klist",
        begins=kerberos_text.KLIST_BEGINS,
        reader=kerberos_text.TicketList,
        yields="whose tickets there are, for whom, of which encryption type",
    ),
    TextFormat(
        name="setspn",
        begins=kerberos_text.SETSPN_BEGINS,
        reader=kerberos_text.SpnList,
        yields="who owns a service principal name",
    ),
    TextFormat(
        name="keytab listing",
        begins=kerberos_text.KEYTAB_BEGINS,
        reader=kerberos_text.KeytabList,
        yields="principals, key versions and encryption types; no key",
    ),
    TextFormat(
        name="registry",
        begins=registry_text.BEGINS,
        reader=registry_text.RegistryPassage,
        yields="the client-side service connection point, and whether it may fall back",
    ),
    TextFormat(
        name="LDIF",
        begins=directory_text.LDIF_BEGINS,
        reader=directory_text.LdifPassage,
        yields="the computer, the service account, the service connection point",
    ),
    TextFormat(
        name="directory object",
        begins=directory_text.LIST_BEGINS,
        reader=directory_text.ObjectList,
        yields="the same objects, as far as Format-List shows them",
    ),
    TextFormat(
        name="AD FS claim rules",
        begins=adfs_configuration.RULES_BEGIN,
        reader=adfs_configuration.ClaimRules,
        yields="which rule issues which claim, and for whom",
    ),
    TextFormat(
        name="AD FS endpoints",
        begins=adfs_configuration.ENDPOINTS_BEGIN,
        reader=adfs_configuration.EndpointList,
        yields="which endpoint is on, and which is on the proxy",
    ),
    TextFormat(
        name="proxy settings",
        begins=network_text.PROXY_BEGINS,
        reader=network_text.ProxySettings,
        yields="the proxies of WinHTTP and of the machine account",
    ),
    TextFormat(
        name="certificate chain",
        begins=network_text.CHAIN_BEGINS,
        reader=network_text.CertificateChain,
        yields="who issued the certificate that a server showed",
    ),
    TextFormat(
        name="HTML page",
        begins=html_page.BEGINS,
        reader=html_page.SavedPage,
        yields="that a page for people came where metadata was asked for",
    ),
    TextFormat(
        name="JSON lines",
        begins=json_documents.LINES_BEGIN,
        reader=json_documents.JsonLines,
        yields="sign-ins of Entra, events of Okta and PingOne",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryKind:
    """A kind of file that its first octets tell; `words` are for one that is not read: what it is, what to send."""

    name: str
    magics: tuple[bytes, ...]
    words: str = ""


ZIP: Final = BinaryKind(name="archive", magics=(b"PK\x03\x04", b"PK\x05\x06"))
GZIP: Final = BinaryKind(name="gzip", magics=(b"\x1f\x8b",))
KEYTAB: Final = BinaryKind(name="keytab", magics=(MAGIC,))
EVENT_LOG: Final = BinaryKind(
    name="binary event log",
    magics=(b"ElfFile\0",),
    words=f"a binary event log, whose reader comes with an extra: {extra_line('events')}; or on a Windows: "
    "wevtutil qe FILE /lf:true /f:renderedxml > events.xml",
)
_PCAP: Final = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a")
BINARY_KINDS: Final[tuple[BinaryKind, ...]] = (
    ZIP,
    GZIP,
    KEYTAB,
    EVENT_LOG,
    BinaryKind(
        name="packet capture",
        magics=_PCAP,
        words="a packet capture: TLS hides every message of the join in it, and nothing is read from it; send a trace "
        "of a proxy that the machine account uses (HAR, SAZ, mitmproxy), or the IdP's log of that time",
    ),
    BinaryKind(
        name="event trace",
        magics=(b"\x00\x00\x01\x00\x00\x00\x00\x00",),
        words="an event trace (ETL), which only Windows decodes: netsh trace convert FILE, and send the text",
    ),
    BinaryKind(name="cabinet", magics=(b"MSCF",), words="a cabinet, which is not opened: expand it and send a folder"),
    BinaryKind(
        name="7z", magics=(b"7z\xbc\xaf\x27\x1c",), words="a 7z archive, which is not opened: send a ZIP or a folder"
    ),
    BinaryKind(
        name="RAR", magics=(b"Rar!\x1a\x07",), words="a RAR archive, which is not opened: send a ZIP or a folder"
    ),
    BinaryKind(
        name="picture",
        magics=(b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"),
        words="a picture, of which nothing is read: send the text itself",
    ),
    BinaryKind(name="PDF", magics=(b"%PDF-",), words="a PDF, of which nothing is read: send the text itself"),
)


def binary_kind(head: bytes) -> BinaryKind | None:
    """Return the kind that the first octets tell."""
    return next((kind for kind in BINARY_KINDS if head.startswith(kind.magics)), None)
