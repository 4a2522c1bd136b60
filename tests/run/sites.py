"""A site that is nowhere, for what never dials."""

from __future__ import annotations

from pathlib import Path

from hybridjoin.model.site import DeviceAccount, Directory, Entra, IdentityProvider, Site

SITE = Site(
    name="example",
    directory=Directory(
        realm="EXAMPLE.TEST",
        domain="example.test",
        netbios="EXAMPLE",
        forest="example.test",
        domain_controller="dc1.example.test",
        krb5_config=Path("krb5.conf"),
        ldap_url="ldap://dc1.example.test",
        base_dn="DC=example,DC=test",
    ),
    idp=IdentityProvider(issuer="https://sts.example.test/issuer", signing_certificates=()),
    entra=Entra(tenant_id="6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f", tenant_name="example.test"),
    devices=(DeviceAccount(name="WS01", keytab=Path("WS01.keytab")),),
)
