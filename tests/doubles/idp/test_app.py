"""The reference IdP over HTTPS: metadata by GET and by SOAP, the Negotiate challenge, and answers to bad requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

APPLICATION_ID = "0d9c1f3e-5b7a-4c62-9e84-a1b2c3d4e5f6"
MEX13 = f"/wsf/mex13/{APPLICATION_ID}"
STS = f"/wsf/sts/{APPLICATION_ID}"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
TRUST_13 = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get"
GET_METADATA = "http://schemas.xmlsoap.org/ws/2004/09/mex/GetMetadata"
Serve = Callable[..., Any]


def soap_request(action: str, *, soap: str = SOAP_12) -> str:
    return (
        f'<s:Envelope xmlns:s="{soap}" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header>'
        f"<a:Action>{action}</a:Action><a:MessageID>urn:uuid:5</a:MessageID></s:Header><s:Body/></s:Envelope>"
    )


def username_request(name: str = "alice") -> str:
    wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
    return (
        f'<s:Envelope xmlns:s="{SOAP_12}" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header>'
        f'<o:Security xmlns:o="{wsse}"><o:UsernameToken><o:Username>{name}</o:Username>'
        "<o:Password>pass word</o:Password></o:UsernameToken></o:Security></s:Header><s:Body>"
        f'<t:RequestSecurityToken xmlns:t="{TRUST_13}"><p:AppliesTo xmlns:p="http://schemas.xmlsoap.org/ws/2004/09/policy">'
        "<a:EndpointReference><a:Address>urn:federation:MicrosoftOnline</a:Address></a:EndpointReference></p:AppliesTo>"
        f"<t:RequestType>{TRUST_13}/Issue</t:RequestType></t:RequestSecurityToken></s:Body></s:Envelope>"
    )


def fault_of(body: bytes) -> str:
    return (etree.fromstring(body).findtext(".//{*}Subcode/{*}Value") or "").partition(":")[2]


@pytest.mark.parametrize(
    ("profile", "path"),
    [("pingone", MEX13), ("pingone", f"/wsf/mex/{APPLICATION_ID}"), ("adfs", "/adfs/services/trust/mex")],
)
def test_metadata_reflects_the_host_that_was_asked(serve: Serve, profile: str, path: str) -> None:
    idp = serve(profile=profile)
    reply = idp.client.get(idp.url + path, headers={"Host": "sts.example.test:8443"})
    addresses = {a.get("location") for a in etree.fromstring(reply.content).iter("{*}address") if a.get("location")}

    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert addresses
    assert all(str(address).startswith("https://sts.example.test:8443/") for address in addresses)
    assert b"sts.example.test:8443</" not in b"".join(reply.content.split(b"Spn>")[1:2]), "an SPN has no port"


def test_a_host_header_that_is_no_host_is_replaced_by_the_service_host(serve: Serve) -> None:
    idp = serve()
    reply = idp.client.get(idp.url + MEX13, headers={"Host": "a b/c"})

    assert b"https://sts.hybridjoin.test/wsf/sts/" in reply.content


@pytest.mark.parametrize(
    ("action", "answer"),
    [(TRANSFER, TRANSFER + "Response"), (GET_METADATA + "/Request", GET_METADATA + "/Response")],
    ids=["WS-Transfer Get", "GetMetadata"],
)
@pytest.mark.parametrize(
    ("soap", "media_type"),
    [(SOAP_12, "application/soap+xml; charset=utf-8"), (SOAP_11, "text/xml; charset=utf-8")],
    ids=["SOAP 1.2", "SOAP 1.1"],
)
def test_metadata_is_given_to_a_soap_request_too(
    serve: Serve, action: str, answer: str, soap: str, media_type: str
) -> None:
    idp = serve()
    reply = idp.client.post(idp.url + MEX13, data=soap_request(action, soap=soap))
    root = etree.fromstring(reply.content)

    assert (reply.status_code, reply.headers["content-type"]) == (200, media_type)
    assert root.tag == f"{{{soap}}}Envelope"
    assert root.findtext(".//{*}Action") == answer
    assert root.findtext(".//{*}RelatesTo") == "urn:uuid:5"
    assert root.find(".//{*}Metadata/{*}MetadataSection/{*}definitions") is not None


def test_another_action_is_refused_by_the_metadata_service(serve: Serve) -> None:
    idp = serve()
    reply = idp.client.post(idp.url + MEX13, data=soap_request("urn:delete"))

    assert (reply.status_code, fault_of(reply.content)) == (500, "ActionNotSupported")


def test_the_schemas_that_the_metadata_imports_are_served(serve: Serve) -> None:
    idp = serve(profile="adfs")
    root = etree.fromstring(idp.client.get(f"{idp.url}/adfs/services/trust/mex").content)
    imports = {str(i.get("schemaLocation")): i.get("namespace") for i in root.iter("{*}import")}

    assert len(imports) == 2
    for location, namespace in imports.items():
        schema = etree.fromstring(idp.client.get(location).content)
        assert schema.get("targetNamespace") == namespace


@pytest.mark.parametrize("path", ["/wsf/mex13/another-application", "/adfs/services/trust/mex", "/"])
def test_other_addresses_are_not_found(serve: Serve, path: str) -> None:
    idp = serve()

    assert idp.client.get(idp.url + path).status_code == 404


def test_the_sts_takes_posts_only(serve: Serve) -> None:
    idp = serve()

    assert idp.client.get(idp.url + STS).status_code == 405


@pytest.mark.parametrize("body", ["", "<rst/>"], ids=["empty", "full"])
@pytest.mark.parametrize(
    ("profile", "path"),
    [("pingone", STS), ("adfs", "/adfs/services/trust/13/windowstransport")],
)
def test_a_post_without_credentials_is_challenged(serve: Serve, profile: str, path: str, body: str) -> None:
    idp = serve(profile=profile)
    reply = idp.client.post(idp.url + path, data=body)

    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Negotiate")
    assert idp.audit() == []


@pytest.mark.parametrize(
    ("authorization", "problem"),
    [
        ("Basic YTpi", "the scheme 'Basic'"),
        ("Negotiate !!!", "cannot be read"),
        ("Negotiate YWJj", "a GSS token begins with 0x60"),
        ("Negotiate TlRMTVNTUAABAAAA", "NTLM instead of a Kerberos ticket"),
        ("Negotiate " + "A" * 200_000, "the limit is 131072"),
    ],
    ids=["Basic", "no base64", "no token", "NTLM", "too long"],
)
def test_other_credentials_are_refused_and_the_reason_is_noted(serve: Serve, authorization: str, problem: str) -> None:
    idp = serve()
    reply = idp.client.post(idp.url + STS, data="<rst/>", headers={"Authorization": authorization})

    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Negotiate")
    assert len(idp.audit()) == 1
    assert idp.audit()[0].startswith("Kerberos Check Failed")
    assert problem in idp.audit()[0]


@pytest.mark.parametrize(
    ("profile", "path"),
    [("pingone", STS), ("adfs", "/adfs/services/trust/13/usernamemixed")],
)
def test_a_directory_that_does_not_answer_is_a_fault_and_noted_without_a_secret(
    serve: Serve, profile: str, path: str
) -> None:
    idp = serve(profile=profile)
    reply = idp.client.post(idp.url + path, data=username_request())

    assert (reply.status_code, fault_of(reply.content)) == (500, "RequestFailed")
    assert "ldaps://127.0.0.1:1 could not be asked" in idp.audit()[0]
    assert "pass word" not in reply.text + "".join(idp.audit())


def test_certificates_are_listed_and_refused(serve: Serve) -> None:
    idp = serve(profile="adfs")
    reply = idp.client.post(f"{idp.url}/adfs/services/trust/13/certificatemixed", data=username_request())

    assert fault_of(reply.content) == "FailedAuthentication"


def test_a_username_address_without_a_name_is_a_failed_authentication(serve: Serve) -> None:
    idp = serve(profile="adfs")
    reply = idp.client.post(f"{idp.url}/adfs/services/trust/13/usernamemixed", data=username_request(name=""))

    assert fault_of(reply.content) == "FailedAuthentication"


def test_an_address_of_another_version_is_a_bad_request(serve: Serve) -> None:
    idp = serve(profile="adfs")
    reply = idp.client.post(f"{idp.url}/adfs/services/trust/2005/usernamemixed", data=username_request())

    assert fault_of(reply.content) == "BadRequest"


def test_a_version_that_is_switched_off_has_no_address(serve: Serve) -> None:
    idp = serve(profile="adfs", trust_versions=["1.3"])

    assert idp.client.post(f"{idp.url}/adfs/services/trust/2005/windowstransport").status_code == 404


def test_a_body_beyond_the_limit_is_refused(serve: Serve) -> None:
    idp = serve()

    assert idp.client.post(idp.url + STS, data=b"x" * (1024 * 1024 + 1)).status_code == 413


def test_the_idps_clock_is_bent_by_its_offset(serve: Serve) -> None:
    times = []
    for offset in (0, -3600):
        idp = serve(clock_offset_s=offset)
        idp.client.post(idp.url + STS, headers={"Authorization": "Basic YTpi"})
        times.append(idp.app.state.audit[0].at)

    assert 3590 < (times[0] - times[1]).total_seconds() < 3610
