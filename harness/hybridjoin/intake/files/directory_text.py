"""Objects of the directory: LDIF of any tool, and Get-ADComputer or Get-ADObject as Format-List prints them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Basis, Fact, Strength
from hybridjoin.intake.files.line_reader import ScreenReader
from hybridjoin.intake.files.text_lines import TextLine
from hybridjoin.intake.ldif import read_entries
from hybridjoin.protocol.computer import read_sid

LDIF_BEGINS: Final = r"dn::? \S|# extended LDIF|version: 1$"
LIST_BEGINS: Final = (
    r"(?:AccountExpirationDate|DistinguishedName|CN|keywords|ServicePrincipalNames?|servicePrincipalName)\s+: "
)

SCP: Final = "62a0ff2e-97b9-4513-943f-0d221bd30080"

_WANTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "objectguid": "object_guid",
        "objectsid": "object_sid",
        "sid": "object_sid",
        "samaccountname": "sam_account_name",
        "userprincipalname": "user_principal_name",
        "dnshostname": "dns_host_name",
        "ms-ds-consistencyguid": "consistency_guid",
        "msds-supportedencryptiontypes": "encryption_types",
        "serviceprincipalname": "spn",
        "serviceprincipalnames": "spn",
        "objectclass": "class",
        "primarygroupid": "primary_group",
        "useraccountcontrol": "account_control",
        "enabled": "enabled",
        "pwdlastset": "password_set",
        "passwordlastset": "password_set",
        "msds-keyversionnumber": "kvno",
        "keywords": "keyword",
    }
)
_TENANT: Final = re.compile(r"azureAD(Name|Id):\s*(\S+)", re.IGNORECASE)
_PAIR: Final = re.compile(r"([\w-]+)\s*:(?: (.*)|$)")


class LdifPassage(ScreenReader):
    """The entries of an LDIF text; nothing that a value points at is fetched."""

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is an attribute or goes on with one."""
        return text.startswith((" ", "#")) or re.match(r"[\w;-]+:[:<]? ?\S", text) is not None

    def read(self) -> Iterator[Fact]:
        """Read the entries one by one, so that what stands between them spoils none."""
        for record in _records(self.lines):
            text = "\n".join(line.text for line in record)
            try:
                entries = read_entries(text)
            except ValueError:
                continue
            for entry in entries:
                for name, values in entry.attributes:
                    key = name.partition(";")[0].lower()
                    line = next((item.number for item in record if item.text.lower().startswith(f"{key}:")), 0)
                    for value in values:
                        yield from _attribute(
                            self, key, _shown(key, value), line or record[0].number, entry.dn, bases.LDIF
                        )
                    if key == "usercertificate":
                        yield self.fact("object.certificates", str(len(values)), line, bases.LDIF, of=entry.dn)


class ObjectList(ScreenReader):
    """`Get-ADComputer -Properties *` or `Get-ADObject`; a list in braces is cut after four values."""

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is a property that we read."""
        found = _PAIR.match(text.strip())
        return found is not None and (found[1].lower() in _WANTED or found[1].lower() == "distinguishedname")

    def read(self) -> Iterator[Fact]:
        """Read the objects; a blank line lies between two."""
        for record in _records(self.lines):
            pairs = [(match, line.number) for line in _joined(record) if (match := _PAIR.match(line.text.strip()))]
            dn = next((match[2] or "" for match, _ in pairs if match[1].lower() == "distinguishedname"), "")
            for match, line in pairs:
                key, value = match[1].lower(), match[2] or ""
                for item in _listed(value):
                    yield from _attribute(self, key, _bytes_shown(key, item), line, dn, bases.AD_LIST)
                if value.startswith("{") and value.rstrip("}").endswith(("...", "…")):
                    words = f"{match[1]} is cut short; $FormatEnumerationLimit = -1 prints all"
                    yield self.fact("object.cut_short", words, line, bases.AD_LIST, of=dn)


def _records(lines: list[TextLine]) -> Iterator[list[TextLine]]:
    record: list[TextLine] = []
    for line in lines:
        if line.text.strip():
            record.append(line)
        elif record:
            yield record
            record = []
    if record:
        yield record


def _joined(record: list[TextLine]) -> list[TextLine]:
    """Put values together that go on below their own column."""
    whole: list[TextLine] = []
    for line in record:
        if whole and line.text.startswith("    ") and not _PAIR.match(line.text.strip()):
            whole[-1] = TextLine(whole[-1].number, f"{whole[-1].text} {line.text.strip()}")
        else:
            whole.append(line)
    return whole


def _listed(value: str) -> list[str]:
    if not (value.startswith("{") and value.endswith("}")):
        return [value] if value else []
    inner = value[1:-1]
    if re.fullmatch(r"(?:\d{1,3}, )*\d{1,3}(?:\.\.\.|…)?", inner):
        return [value]
    return [
        item for part in inner.split(", ") if (item := part.strip().removesuffix("...").removesuffix("…").strip(","))
    ]


def _bytes_shown(key: str, value: str) -> str:
    """Show a GUID that PowerShell prints as its sixteen octets."""
    if not value.startswith("{"):
        return value
    numbers = [int(item) for item in re.findall(r"\d{1,3}", value)]
    return _shown(key, bytes(numbers)) if len(numbers) == 16 and max(numbers) < 256 else value


def _shown(key: str, value: bytes) -> str:
    """Write an attribute's octets as people write them."""
    try:
        if key in {"objectguid", "ms-ds-consistencyguid"} and len(value) == 16:
            return str(uuid.UUID(bytes_le=value))
        if key == "objectsid" and value[:1] == b"\x01":
            return read_sid(value)
        return value.decode("utf-8")
    except ValueError:
        return f"{len(value)} octets"


def _attribute(reader: ScreenReader, key: str, value: str, line: int, dn: str, basis: Basis) -> Iterator[Fact]:
    name = _WANTED.get(key)
    if name is None or not value:
        return
    yield reader.fact(f"object.{name}", value, line, basis, of=dn)
    tenant = _TENANT.search(value) if name == "keyword" else None
    if tenant is not None:
        which = "name" if tenant[1].lower() == "name" else "id"
        strength = Strength.PROVES if SCP in dn.lower() or not dn else Strength.SUGGESTS
        yield reader.fact(f"tenant.{which}", tenant[2].rstrip(",}"), line, basis, of="", strength=strength)
        yield reader.fact(f"scp.{which}", tenant[2].rstrip(",}"), line, basis, of=dn)
