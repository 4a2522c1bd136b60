"""Every fault of the assertion that the IdP is handed: issued by its name, signed by the IdP's own hand."""

from __future__ import annotations

import re
import uuid
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from lxml import etree

from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.handed_over import NOTHING, read_handed_over
from hybridjoin.doubles.idp.issue import Answer, issue
from hybridjoin.doubles.idp.mapping import Claim
from hybridjoin.doubles.idp.rst import SOAP_12, Rst, RstRefused
from hybridjoin.doubles.idp.signing import SigningIdentity, signer
from hybridjoin.doubles.idp.token import Token, new_token
from hybridjoin.doubles.settings import Reader
from hybridjoin.mutations import BY_ID, make, unsigned
from hybridjoin.mutations.chosen import NAMED
from hybridjoin.mutations.operator import Operator

ConfigMaker = Callable[..., IdpConfig]
ENTRY = "hybridjoin.mutations.entry"
ISSUER = "urn:hybridjoin:issuer"
# Both hold + and / in base64, so that the URL-safe alphabet is another one.
OBJECT_GUID = b64encode(uuid.UUID("7ea2e22f-31cb-4c97-89eb-1b4501aafe40").bytes_le).decode()
ANCHOR = b64encode(uuid.UUID("5f1ff3d7-fbff-4efb-bfff-1a2b3c4d5e6f").bytes_le).decode()
IDENTITY = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
CLAIMS = (
    Claim(name="UPN", namespace="http://schemas.xmlsoap.org/claims", values=("WS01$@hybridjoin.test",)),
    Claim(name="ImmutableID", namespace="http://schemas.microsoft.com/LiveID/Federation/2008/05", values=(ANCHOR,)),
    Claim(name="accounttype", namespace="http://schemas.microsoft.com/ws/2012/01", values=("DJ",)),
    Claim(name="onpremobjectguid", namespace="http://schemas.microsoft.com/identity/claims", values=(OBJECT_GUID,)),
    Claim(name="primarysid", namespace=IDENTITY, values=("S-1-5-21-1-2-3-1104",)),
    Claim(name="issuerid", namespace=IDENTITY, values=(ISSUER,)),
)
RST = Rst(trust="1.3", soap=SOAP_12, message_id="urn:uuid:1", applies_to="urn:federation:MicrosoftOnline")
NOW = datetime(2026, 11, 20, 12, 0, 0, 250_000, tzinfo=UTC)
NAMES = tuple(read_handed_over(Reader({"mutations": ENTRY})).faults)


@pytest.fixture(scope="module")
def config(make_config: ConfigMaker) -> IdpConfig:
    return make_config(profile="adfs", issuer=ISSUER)


@pytest.fixture(scope="module")
def token(config: IdpConfig) -> Token:
    return new_token(config, subject=ANCHOR, claims=CLAIMS, now=NOW)


@pytest.fixture(scope="module")
def issued(config: IdpConfig, token: Token, identity: SigningIdentity) -> Callable[..., Answer]:
    def answer(*names: str, claims: tuple[Claim, ...] = CLAIMS) -> Answer:
        faults = tuple(config.handed_over.faults[name].chosen() for name in names)
        bent = new_token(config, subject=ANCHOR, claims=claims, now=NOW) if claims is not CLAIMS else token
        return issue(RST, bent, identity, profile="adfs", faults=faults, handed_over=config.handed_over)

    return answer


def assertions(answer: Answer) -> bytes:
    """Return the very octets that stand in RequestedSecurityToken."""
    found = re.search(rb"<(\w+:RequestedSecurityToken)>(.*)</\1>", answer.body, re.DOTALL)
    assert found is not None
    return found[2]


def operator(name: str) -> Operator:
    named = {item.name: item.usual for item in NAMED}
    return named.get(name) or BY_ID[name]


def test_all_names_are_there() -> None:
    assert sorted(NAMES) == sorted([*BY_ID, *(item.name for item in NAMED)])


@pytest.mark.parametrize("name", NAMES)
def test_the_idp_issues_the_fault_by_its_name(
    issued: Callable[..., Answer], identity: SigningIdentity, name: str
) -> None:
    good, bent = assertions(issued()), assertions(issued(name))

    made = make(unsigned(etree.fromstring(good)), (operator(name),), signer(identity))

    assert bent != good
    assert bent == b"".join(made.tokens)


def test_what_cannot_be_bent_is_refused_with_the_reason(issued: Callable[..., Answer]) -> None:
    with pytest.raises(RstRefused, match=r"upn-missing cannot be put into this assertion: the assertion has no UPN"):
        issued("upn-missing", claims=CLAIMS[1:])


def test_what_takes_away_the_others_place_is_refused_too(issued: Callable[..., Answer]) -> None:
    with pytest.raises(RstRefused, match=r"signature-removed and signature-value .*: they do not go together"):
        issued("unsigned", "signature-value")


def test_an_idp_that_is_handed_nothing_knows_its_own_faults_alone(make_config: ConfigMaker) -> None:
    assert make_config(mutations="").handed_over is NOTHING
    with pytest.raises(ValueError, match=r"faults\[0\]\.name: no fault is called 'unsigned'"):
        make_config(mutations="", faults=[{"name": "unsigned"}])
