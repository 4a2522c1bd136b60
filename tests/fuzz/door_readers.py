"""The readers of the doors of people, of bridges and of a domain's administrators."""

from __future__ import annotations

import json
from functools import cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.doubles.entra import tokens
from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.autologon.messages import UnreadableRequest, read_request
from hybridjoin.doubles.entra.oidc.claims import read_access_token
from hybridjoin.errors import HarnessError
from hybridjoin.intake import federation_commands, gateway_expression, handed_out
from hybridjoin.intake.powershell import script
from hybridjoin.protocol import federation_metadata, id_token, openid, page, passive, prt, realm, user_certificate
from tests.device import documents
from tests.fuzz.target import Target, row, text
from tests.protocol.documents import GUID, NOW

PAGE = (
    b'<html><body><form method="POST" action="https://login.test/login.srf"><input name="wa" value="wsignin1.0">'
    b'<input type="hidden" name="wresult" value="&lt;a/&gt;"></form></body></html>'
)
COMMAND = (
    b"$all = @{ IssuerUri = 'https://sts.x/' }\n"
    b'New-MgDomainFederationConfiguration -DomainId x.test @all `\n -DisplayName "X"\n'
)
METADATA = (
    b'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x" validUntil="2027-01-01T00:00:00Z">'
    b'<RoleDescriptor xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    b'xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706" xsi:type="fed:SecurityTokenServiceType">'
    b'<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>MIIB'
    b"</X509Certificate></X509Data></KeyInfo></KeyDescriptor></RoleDescriptor></EntityDescriptor>"
)
KEYS = json.dumps({"keys": [{"kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB", "x5c": ["MIIB"]}]}).encode()


@cache
def transport_key() -> RSAPrivateKey:
    return documents.key("transport")


def html(body: bytes) -> object:
    found = page.read_page(body, content_type="text/html; charset=utf-8", url="https://sts.test/adfs/ls/")
    form = passive.answering_form(found)
    if form is None:
        return found
    return passive.read_form(
        form, found, url="https://sts.test/", status=200, content_type="text/html", meant_for="https://login.test/"
    )


DOOR_TARGETS: tuple[Target, ...] = (
    row("openid-configuration", "protocol.openid.parse_configuration", openid.parse_configuration,
        b'{"issuer": "https://x/v2.0", "scopes_supported": ["openid"]}'),
    row("openid-keys", "protocol.openid.parse_keys", openid.parse_keys, KEYS),
    row("userinfo", "protocol.openid.parse_userinfo", openid.parse_userinfo, b'{"sub": "a", "email": "a@x"}'),
    row("id-token", "protocol.id_token.read_id_token",
        text(lambda token: id_token.read_id_token(token, keys=KEYS)),
        b"eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.eyJhIjoxfQ.x"),
    row("page", "protocol.page.read_page", html, PAGE),
    row("passive-request", "protocol.passive.read_request", text(passive.read_request),
        b"https://sts.test/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3ax&wctx=a%26b"),
    row("federation-metadata", "protocol.federation_metadata.parse_federation_metadata",
        federation_metadata.parse_federation_metadata, METADATA),
    row("sign-in-realm", "protocol.realm.parse_sign_in_realm", realm.parse_sign_in_realm,
        b'{"NameSpaceType": "Federated", "Login": "a@x", "AuthURL": "https://sts.test/"}'),
    row("session-key", "protocol.prt.read_session_key",
        text(lambda jwe: prt.read_session_key(jwe, transport_key())), b"eyJhbGciOiJSU0EtT0FFUCJ9.AAAA.x.x.x"),
    row("user-certificate", "protocol.user_certificate.read_user_certificate", user_certificate.read_user_certificate,
        user_certificate.make_user_certificate(documents.key("machine"), GUID, now=NOW, serial=GUID)),
    row("powershell", "intake.powershell.script.read_commands", text(script.read_commands), COMMAND, declared=()),
    row("federation-commands", "intake.federation_commands.read_federation_commands",
        text(lambda told: federation_commands.read_federation_commands(told, place="x")), COMMAND, declared=()),
    row("handed-out", "intake.handed_out.read_handed_out",
        lambda body: handed_out.read_handed_out(body, place="x"), COMMAND, b"<html><pre>" + COMMAND + b"</pre></html>",
        declared=(HarnessError,)),
    row("gateway-expression", "intake.gateway_expression.read_expression", text(gateway_expression.read_expression),
        b"#string.uuidAsBase64Guid(user.externalId,null)", declared=(gateway_expression.NotAnExpression,)),
    row("entra-desktop-request", "doubles.entra.autologon.messages.read_request", read_request,
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><t:RequestSecurityToken '
        b'xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"/></s:Body></s:Envelope>',
        declared=(UnreadableRequest,)),
    row("entra-graph-token", "doubles.entra.oidc.claims.read_access_token",
        text(lambda token: read_access_token(token, process_authority(), now=NOW)), b"eyJub25jZSI6IngifQ.e30.x",
        declared=(tokens.BadToken,)),
)  # fmt: skip
