"""The UsernameToken of WS-Security (Username Token Profile 1.0, 3.1), as clients of WS-Trust send it.

All of them send the password in the clear inside TLS, without a Type, a nonce or a creation time in the token; a
Timestamp of ten minutes stands before it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from lxml import etree

from hybridjoin.protocol import names, xml

LIFETIME = timedelta(minutes=10)
TOKEN_ID = "ADALUsernameToken"
TIMESTAMP_ID = "_0"
_ID = xml.name(names.WSU, "Id")


def with_username_token(request: bytes, *, user_name: str, password: str, created: datetime) -> bytes:
    """Return an RST with a WS-Security header at the end of its SOAP header; every value is escaped.

    `created` is aware; the Timestamp ends ten minutes later.

    Raises:
        ValueError: the name or the password holds what no XML document can hold, a control character for one.
        PeerError: the request is not what `build_rst` writes.
    """
    root = xml.parse(request, where="RST")
    header = xml.only(root, xml.name(names.SOAP_12, "Header"), where="RST")
    security = etree.SubElement(header, xml.name(names.WSSE, "Security"), nsmap={"wsse": names.WSSE, "wsu": names.WSU})
    security.set(xml.name(names.SOAP_12, "mustUnderstand"), "1")
    stamp = etree.SubElement(security, xml.name(names.WSU, "Timestamp"))
    stamp.set(_ID, TIMESTAMP_ID)
    for local, moment in (("Created", created), ("Expires", created + LIFETIME)):
        etree.SubElement(stamp, xml.name(names.WSU, local)).text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    token = etree.SubElement(security, xml.name(names.WSSE, "UsernameToken"))
    token.set(_ID, TOKEN_ID)
    for local, value in (("Username", user_name), ("Password", password)):
        etree.SubElement(token, xml.name(names.WSSE, local)).text = value
    return etree.tostring(root, encoding="utf-8")
