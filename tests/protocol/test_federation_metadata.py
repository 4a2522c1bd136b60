"""FederationMetadata.xml is read by namespace and name, within bounds, and whatever is wrong with it is the peer's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hybridjoin.errors import PeerError
from hybridjoin.protocol import limits
from hybridjoin.protocol.federation_metadata import (
    FederationMetadata,
    FederationRole,
    looks_like_metadata,
    parse_federation_metadata,
)
from tests.checks.fedmeta_cases import ACTIVE, FED, PASSIVE, SAML_11, SAML_20, UPN, entity, key, role
from tests.protocol.documents import ISSUER, signer

MANY = "".join(key() for _ in range(limits.PUBLISHED_CERTIFICATES.most + 1))


def read(text: str) -> FederationMetadata:
    return parse_federation_metadata(text.encode(), wanted=ISSUER)


def service(text: str) -> FederationRole:
    found = read(text).token_service
    assert found is not None
    return found


def test_a_document_says_whose_it_is_and_where_its_service_is() -> None:
    document, found = read(entity(until="2027-01-01T00:00:00Z")), service(entity())

    assert (document.entity_id, document.document_id) == (ISSUER, "_fed")
    assert document.ends_at == datetime(2027, 1, 1, tzinfo=UTC)
    assert (found.active, found.passive) == ((ACTIVE,), (PASSIVE,))
    assert (found.token_types, found.claim_types) == ((SAML_20, SAML_11), (UPN,))
    assert found.signing_certificates == (signer().certificate,)
    assert found.protocols == (FED,)


@pytest.mark.parametrize("prefix", ["fed", "f", "x-y"])
def test_a_role_is_known_by_namespace_whatever_its_prefix(prefix: str) -> None:
    assert service(entity(prefix=prefix)).spelt == f"{prefix}:SecurityTokenServiceType"


@pytest.mark.parametrize(
    "roles",
    [
        role().replace("fed:SecurityTokenServiceType", "SecurityTokenServiceType"),
        role().replace("fed:SecurityTokenServiceType", "nowhere:SecurityTokenServiceType"),
        role().replace(f'xmlns:fed="{FED}"', 'xmlns:fed="urn:another"'),
        role().replace('xsi:type="', 'type="'),
        "<IDPSSODescriptor/>",
        "",
    ],
    ids=["no prefix", "undeclared", "another namespace", "no xsi", "of SAML 2.0", "none"],
)
def test_what_only_looks_like_the_role_is_none(roles: str) -> None:
    assert read(entity(roles=roles)).token_service is None


@pytest.mark.parametrize("text", ["", "MIIB", "not base64!", "AAAA", f"{'A' * 40}\n{'B' * 40}"])
def test_a_certificate_that_is_none_is_counted(text: str) -> None:
    (found,) = service(entity(keys=key(text=text))).keys

    assert (found.certificates, found.unreadable) == ((), 1)


def test_white_space_and_armour_differ() -> None:
    (folded,) = service(entity(keys=key().replace("MII", "\n  MII\n"))).keys
    (armoured,) = service(entity(keys=key().replace("MII", "-----BEGIN CERTIFICATE-----MII"))).keys

    assert len(folded.certificates) == 1
    assert armoured.unreadable == 1


@pytest.mark.parametrize("until", ["tomorrow", "2027-13-01T00:00:00Z", "99999-01-01T00:00:00Z"])
def test_a_time_that_is_none_is_kept_as_it_is_written(until: str) -> None:
    document = read(entity(until=until))

    assert (document.valid_until, document.ends_at) == (until, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "an empty body"),
        ("<html><body>Sign in</body></html>", "found <html>"),
        ('<EntityDescriptor entityID="x"/>', "expected EntityDescriptor or EntitiesDescriptor of"),
        ('<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"/>', "expected an EntityDescriptor"),
        (f"<!DOCTYPE EntityDescriptor [<!ENTITY a 'x'>]>{entity()}", "without a DTD"),
        (entity()[:500], "well-formed"),
        (entity(keys=MANY), "at most 100 X509Certificate"),
        (entity(keys=key(text="A" * 20_000)), "at most 16384 characters"),
    ],
    ids=["nothing", "a page", "no namespace", "no entity", "a DTD", "cut", "many keys", "a long key"],
)
def test_what_cannot_be_read_is_told_as_the_peers(text: str, words: str) -> None:
    with pytest.raises(PeerError, match=words):
        read(text)


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        (entity().encode(), True),
        (entity().encode()[:300], True),
        (b"<html><body>Sign in</body></html>", False),
        (b"{}", False),
        (b" " * 5000 + entity().encode(), False),
    ],
)
def test_what_was_meant_to_be_metadata_shows_at_its_beginning(body: bytes, meant: bool) -> None:
    assert looks_like_metadata(body) is meant
