"""A domain's federation settings in Entra, as Get-MgDomainFederationConfiguration or Graph shows them.

What people send is text as it was pasted (Format-List, long values wrapped, a prompt above it) or JSON. Both are read
into the same nouns; nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from types import MappingProxyType

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.intake import federation_json, federation_text
from hybridjoin.intake.federation_text import Block

LIMIT_BYTES = 1024 * 1024
DOMAIN = "DomainId"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_COMMAND = "Get-MgDomainFederationConfiguration -DomainId <domain> | Format-List"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadSetting:
    """A value that stands there as an expression, which only PowerShell could work out."""

    name: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationSettings:
    """One domain's internalDomainFederation; what is not set is empty. `place` is `file:line` of its beginning.

    `domain` is empty where the input does not name it. Certificates are base64 without white space, as they came.
    `unread` are settings that are there and whose values are not known: they are empty, and not missing. `partial`
    says that these are changes alone: what is not set stays in Entra as it is.
    """

    place: str
    domain: str = ""
    id: str = ""
    display_name: str = ""
    issuer_uri: str = ""
    metadata_exchange_uri: str = ""
    active_sign_in_uri: str = ""
    passive_sign_in_uri: str = ""
    sign_out_uri: str = ""
    password_reset_uri: str = ""
    signing_certificate: str = ""
    next_signing_certificate: str = ""
    preferred_authentication_protocol: str = ""
    federated_idp_mfa_behavior: str = ""
    prompt_login_behavior: str = ""
    is_signed_authentication_request_required: str = ""
    unread: tuple[UnreadSetting, ...] = ()
    partial: bool = False

    def silence_about(self, name: str) -> str:
        """Return why an empty setting says nothing, by any of its names; empty where it is set, or really missing."""
        field = field_of(name)
        unread = next((item for item in self.unread if field is not None and field_of(item.name) == field), None)
        if unread is not None:
            return f"{name} is an expression in line {unread.line}, which is not worked out: {unread.text}"
        changed = field is None or getattr(self, field)
        return "" if changed or not self.partial else f"the command leaves {name} as it is"

    @property
    def members(self) -> tuple[tuple[str, str], ...]:
        """Every setting under Graph's name, in the order of its documentation; what is not set is empty.

        The domain's name stands first where it is known.
        """
        names = (item.name for item in fields(self) if item.name not in NOT_GRAPHS)
        domain = ((DOMAIN, self.domain),) if self.domain else ()
        return domain + tuple(
            ("".join(part.title() for part in name.split("_")), getattr(self, name)) for name in names
        )

    @property
    def addresses(self) -> tuple[tuple[str, str], ...]:
        """The addresses that somebody dials, with Graph's names; the IssuerUri is a name and none of them."""
        pairs = (
            ("MetadataExchangeUri", self.metadata_exchange_uri),
            ("ActiveSignInUri", self.active_sign_in_uri),
            ("PassiveSignInUri", self.passive_sign_in_uri),
            ("SignOutUri", self.sign_out_uri),
            ("PasswordResetUri", self.password_reset_uri),
        )
        return tuple((name, value) for name, value in pairs if value)


NOT_GRAPHS = frozenset({"place", "domain", "unread", "partial"})
"""What belongs to the reading and is no setting."""
_FIELDS = MappingProxyType({item.name.replace("_", ""): item.name for item in fields(FederationSettings)})
# The names of the retired MSOnline module, whose output is still in people's tickets.
_MSONLINE = MappingProxyType(
    {
        "activelogonuri": "active_sign_in_uri",
        "passivelogonuri": "passive_sign_in_uri",
        "logoffuri": "sign_out_uri",
        "federationbrandname": "display_name",
        "passwordchangeuri": "password_reset_uri",
    }
)
_CERTIFICATES = frozenset({"signing_certificate", "next_signing_certificate"})
# A terminal would obey them.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TELLING = frozenset({"issuer_uri", "metadata_exchange_uri", "active_sign_in_uri", "passive_sign_in_uri"})


def read_settings(body: bytes, *, place: str) -> tuple[FederationSettings, ...]:
    """Read every domain's settings; raise UsageError, naming what came instead, where there are none."""
    if len(body) > LIMIT_BYTES:
        raise _mistake(place, f"expected at most {LIMIT_BYTES} bytes, found more")
    text = decoded(body, place)
    head = text.lstrip()[:1]
    blocks = (
        federation_json.read_blocks(text, place=place)
        if head in {"{", "["}
        else federation_text.read_blocks(text, known=field_of)
    )
    found = tuple(setting_of(item.values, domain=item.domain, place=f"{place}:{item.line}") for item in blocks)
    found = tuple(item for item in found if any(getattr(item, name) for name in _TELLING))
    if not found:
        raise _mistake(place, _instead(text, blocks), f"send the output of: {_COMMAND}")
    return found


def settings_of(domains: tuple[FederationSettings, ...], names: Iterable[str], *, place: str) -> FederationSettings:
    """Return the settings of the domain of these names, or the only ones there are; raise UsageError where none fit.

    Settings that do not name their domain are taken where they are the only ones: Graph prints them without it.
    """
    wanted = tuple(dict.fromkeys(name.lower() for name in names if name))
    named = [item for item in domains if item.domain.lower() in wanted]
    if named:
        return named[0]
    if len(domains) == 1 and (not wanted or not domains[0].domain):
        return domains[0]
    found = ", ".join(item.domain or "one without a name" for item in domains)
    expected = f"the settings of {' or '.join(wanted)}" if wanted else "the settings of one domain"
    raise _mistake(place, f"expected {expected}, found those of {found}")


def field_of(name: str) -> str | None:
    """Return our field for a name that Graph, its PowerShell module or MSOnline uses, whatever its case."""
    key = name.lower()
    return _MSONLINE.get(key) or (_FIELDS.get(key) if key not in NOT_GRAPHS else None)


def setting_of(
    pairs: Iterable[tuple[str, str]],
    *,
    domain: str,
    place: str,
    unread: tuple[UnreadSetting, ...] = (),
    partial: bool = False,
) -> FederationSettings:
    """Make settings of names and values as they came; names that are no settings are left out."""
    values: dict[str, str] = {}
    for name, value in pairs:
        field = field_of(name)
        if field is not None:
            values[field] = "".join(value.split()) if field in _CERTIFICATES else _CONTROL.sub("\ufffd", value)
    return FederationSettings(place=place, domain=domain, unread=unread, partial=partial, **values)


def decoded(body: bytes, place: str) -> str:
    """Decode what PowerShell, an editor or a mail program may have written, with line ends of one kind.

    Raises:
        UsageError: it is no text.
    """
    encoding = next((name for mark, name in _MARKS if body.startswith(mark)), None) or _unmarked(body)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    if "\0" in text:
        raise _mistake(place, "expected text or JSON, found binary data")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unmarked(body: bytes) -> str:
    """Guess UTF-16 without a byte order mark by where its zeros stand."""
    head = body[:200]
    if len(head) > 3 and head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    return "utf-16-be" if len(head) > 3 and head[::2].count(0) > len(head) // 4 else "utf-8"


def _instead(text: str, blocks: tuple[Block, ...]) -> str:
    """Say what came where no settings were found."""
    if not text.strip():
        return "expected a domain's federation settings, found nothing"
    if not blocks and "ActiveSignInUri" in text:
        return "expected one property a line, found a table, which cuts the values short"
    if blocks:
        return "expected IssuerUri, MetadataExchangeUri or a sign-in address, found none of them set"
    head = text.lstrip()[:40].splitlines()[0]
    return f"expected a domain's federation settings, found {head!r}"


def _mistake(place: str, problem: str, hint: str = "") -> UsageError:
    return UsageError(Mistake(place=place, problem=problem, hint=hint))
