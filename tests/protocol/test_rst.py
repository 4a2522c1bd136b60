from __future__ import annotations

import pytest
from lxml import etree

from hybridjoin.errors import PeerError
from hybridjoin.protocol import rst
from hybridjoin.protocol.mex import Trust
from tests.protocol.documents import MESSAGE_ID, REALM, T13, T2005

URL = "https://sts.hybridjoin.test/trust/windowstransport"
SHAPES = [(Trust.V13, "windows"), (Trust.V13, "msal"), (Trust.FEB2005, "windows"), (Trust.FEB2005, "msal")]


def built(trust: Trust, shape: str, *, to: str = URL, applies_to: str = REALM) -> etree._Element:
    body = rst.build_rst(trust=trust, shape=shape, to=to, applies_to=applies_to, message_id=MESSAGE_ID)
    return etree.fromstring(body)


def order(root: etree._Element, where: str) -> list[str]:
    found = root.find(where)
    assert found is not None
    return [etree.QName(child).localname for child in found]


@pytest.mark.parametrize(
    ("trust", "shape", "header", "request_parts"),
    [
        (Trust.V13, "windows", ["Action", "MessageID", "ReplyTo", "To"], ["AppliesTo", "KeyType", "RequestType"]),
        (Trust.FEB2005, "windows", ["Action", "To", "MessageID"], ["RequestType", "AppliesTo", "KeyType"]),
        (Trust.V13, "msal", ["Action", "MessageID", "ReplyTo", "To"], ["AppliesTo", "KeyType", "RequestType"]),
        (Trust.FEB2005, "msal", ["Action", "MessageID", "ReplyTo", "To"], ["AppliesTo", "KeyType", "RequestType"]),
    ],
)
def test_the_parts_stand_in_the_clients_order(
    trust: Trust, shape: str, header: list[str], request_parts: list[str]
) -> None:
    root = built(trust, shape)

    assert order(root, "{*}Header") == header
    assert order(root, "{*}Body/{*}RequestSecurityToken") == request_parts


@pytest.mark.parametrize(("trust", "shape"), SHAPES)
def test_it_asks_for_a_bearer_token_in_its_version(trust: Trust, shape: str) -> None:
    root = built(trust, shape)
    space = T13 if trust is Trust.V13 else T2005
    key = f"{T13}/Bearer" if trust is Trust.V13 else "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey"

    assert root.findtext("{*}Header/{*}Action") == rst.soap_action(trust) == f"{space}/RST/Issue"
    assert root.findtext(f"{{*}}Body/{{{space}}}RequestSecurityToken/{{{space}}}RequestType") == f"{space}/Issue"
    assert root.findtext(f"{{*}}Body/{{{space}}}RequestSecurityToken/{{{space}}}KeyType") == key
    assert root.findtext("{*}Header/{*}MessageID") == MESSAGE_ID
    assert root.find(".//{*}TokenType") is None


@pytest.mark.parametrize(("trust", "shape"), SHAPES)
def test_whatever_the_peer_wrote_is_escaped(trust: Trust, shape: str) -> None:
    url, realm = 'https://sts.test/?a=1&b="<>', "urn:x</Address><evil/>&amp;"

    root = built(trust, shape, to=url, applies_to=realm)

    assert root.findtext("{*}Header/{*}To") == url
    assert root.findtext(".//{*}EndpointReference/{*}Address") == realm
    assert root.find(".//evil") is None


@pytest.mark.parametrize(("trust", "shape"), SHAPES)
def test_what_no_document_can_hold_is_the_peers_fault(trust: Trust, shape: str) -> None:
    with pytest.raises(PeerError, match="that XML can hold"):
        built(trust, shape, applies_to="urn:\x00")
