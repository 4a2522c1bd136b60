"""A rich record made by hand: one join that succeeds, the same with accounttype in the wrong namespace, and trouble."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hybridjoin.model.exchange import SearchRequest, TicketReply, TicketRequest
from hybridjoin.model.kept_body import Octets
from hybridjoin.model.record import (
    SCHEMA,
    CodeRecord,
    ExpectationRecord,
    FailureRecord,
    JoinRecord,
    JoinResult,
    RunRecord,
    ScenarioRecord,
)
from hybridjoin.model.recorded import (
    EntryRecord,
    ExchangeRecord,
    HttpReplyRecord,
    HttpRequestRecord,
    ReplyRecord,
    RequestRecord,
    SearchReplyRecord,
)
from hybridjoin.model.steps import Party, Phase, Step
from hybridjoin.model.verdict import Certainty, ClaimRow, Level, NotTested, Outcome, Untested, Verdict
from hybridjoin.model.where import Spot, Where

NOON = datetime(2026, 7, 14, 10, 22, 31, 250_000, tzinfo=UTC)
TENANT = "6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f"
REQUEST_ID = "5d0c7f2e-8a41-4f5b-9d3e-77c1b2a90e14"
DEVICE_ID = "c2b1f0a9-5e4d-4c3b-a291-8f7e6d5c4b3a"
STS = "https://sts.hybridjoin.test"
LOGIN = "https://login.microsoftonline.com"
DRS = "https://enterpriseregistration.windows.net"
DEVICE_SID = "S-1-5-21-1004336348-1177238915-682003330-1260"
GUID_BASE64 = "UUEMXKriXkOYeql655jERA=="
GUID_BIG_ENDIAN = "XAxBUeKqQ16YeqrnmMRE"

CLAIMS = "http://schemas.microsoft.com/identity/claims"
ACCOUNT_TYPE = "http://schemas.microsoft.com/ws/2012/01"
PRIMARY_SID = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
IMMUTABLE_ID = "http://schemas.microsoft.com/LiveID/Federation/2008/05"

MEX = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"'
    ' xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy" xmlns:wsa10="http://www.w3.org/2005/08/addressing"'
    ' xmlns:http="http://schemas.microsoft.com/ws/06/2004/policy/http" xmlns:tns="urn:hybridjoin:sts"'
    ' targetNamespace="urn:hybridjoin:sts">'
    '<wsp:Policy wsu:Id="windows13_policy" xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">'
    "<wsp:ExactlyOne><wsp:All><http:NegotiateAuthentication/></wsp:All></wsp:ExactlyOne></wsp:Policy>"
    '<wsdl:binding name="windows13" type="tns:Trust13"><wsp:PolicyReference URI="#windows13_policy"/>'
    '<soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/></wsdl:binding>'
    '<wsdl:service name="SecurityTokenService"><wsdl:port name="windows13" binding="tns:windows13">'
    f'<soap12:address location="{STS}/wsf/sts/4afaa6b9/windows"/>'
    f"<wsa10:EndpointReference><wsa10:Address>{STS}/wsf/sts/4afaa6b9/windows</wsa10:Address></wsa10:EndpointReference>"
    "</wsdl:port></wsdl:service></wsdl:definitions>"
)


def assertion(*, account_type_namespace: str = ACCOUNT_TYPE) -> str:
    """A SAML 1.1 assertion in a 1.3 collection, its signature masked."""
    rows = (
        ("accounttype", account_type_namespace, "DJ"),
        ("onpremobjectguid", CLAIMS, GUID_BASE64),
        ("primarysid", PRIMARY_SID, DEVICE_SID),
        ("ImmutableID", IMMUTABLE_ID, GUID_BASE64),
    )
    attributes = "".join(
        f'<saml:Attribute AttributeName="{name}" AttributeNamespace="{namespace}">'
        f"<saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"
        for name, namespace, value in rows
    )
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        '<t:RequestSecurityTokenResponseCollection xmlns:t="http://docs.oasis-open.org/ws-sx/ws-trust/200512">'
        "<t:RequestSecurityTokenResponse><t:RequestedSecurityToken>"
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1"'
        f' AssertionID="_0b8f" Issuer="{STS}/applications/4afaa6b9" IssueInstant="2026-07-14T10:22:31Z">'
        '<saml:Conditions NotBefore="2026-07-14T10:22:31Z" NotOnOrAfter="2026-07-14T11:22:31Z">'
        "<saml:AudienceRestrictionCondition><saml:Audience>urn:federation:MicrosoftOnline</saml:Audience>"
        "</saml:AudienceRestrictionCondition></saml:Conditions><saml:AttributeStatement>"
        f"<saml:Subject><saml:NameIdentifier>{GUID_BASE64}</saml:NameIdentifier></saml:Subject>{attributes}"
        '</saml:AttributeStatement><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
        "<ds:SignatureValue>[masked: 256 bytes]</ds:SignatureValue></ds:Signature></saml:Assertion>"
        "</t:RequestedSecurityToken></t:RequestSecurityTokenResponse></t:RequestSecurityTokenResponseCollection>"
        "</s:Body></s:Envelope>"
    )


GRANT = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml1_1-bearer&assertion=%5Bmasked%5D"
ENTRA_ERROR = json.dumps(
    {
        "error": "invalid_grant",
        "error_description": "AADSTS51004: The user account {EUII Hidden} does not exist in the "
        f"{TENANT} directory. To sign into this application, the account must be added to the directory.",
        "error_codes": [51004],
        "correlation_id": REQUEST_ID,
    }
)


def exchange(
    step: Step, party: Party, asked: RequestRecord, answered: ReplyRecord, *, at_ms: float, took_ms: float
) -> ExchangeRecord:
    """One exchange."""
    return ExchangeRecord(
        step=step,
        party=party,
        request=asked,
        reply=answered,
        started_at=NOON + timedelta(milliseconds=at_ms),
        elapsed_ms=took_ms,
    )


def get(url: str) -> HttpRequestRecord:
    return HttpRequestRecord(method="GET", url=url, headers=(("client-request-id", REQUEST_ID),))


def post(url: str, body: str) -> HttpRequestRecord:
    return HttpRequestRecord(method="POST", url=url, headers=(("client-request-id", REQUEST_ID),), body=body)


def answer(body: str, status: int = 200, reason: str = "OK") -> HttpReplyRecord:
    kind = "application/soap+xml; charset=utf-8" if body.startswith("<") else "application/json; charset=utf-8"
    return HttpReplyRecord(status=status, reason=reason, headers=(("Content-Type", kind),), body=body)


def found(dn: str, *attributes: tuple[str, tuple[str | Octets, ...]]) -> SearchReplyRecord:
    return SearchReplyRecord(entries=(EntryRecord(dn=dn, attributes=attributes),))


def exchanges(*, account_type_namespace: str = ACCOUNT_TYPE) -> tuple[ExchangeRecord, ...]:
    """The exchanges up to the assertion: the same for the good join and the bad one."""
    config = "CN=62a0ff2e,CN=Device Registration Configuration,CN=Services,CN=Configuration,DC=hybridjoin,DC=test"
    discover = json.dumps(
        {"DeviceJoinService": {"JoinEndpoint": f"{DRS}/EnrollmentServer/device/", "ServiceVersion": "2.0"}}
    )
    realm = json.dumps({"account_type": "Federated", "federation_metadata_url": f"{STS}/wsf/mex13/4afaa6b9"})
    rst = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><t:RequestSecurityToken '
        'xmlns:t="http://docs.oasis-open.org/ws-sx/ws-trust/200512"><t:RequestType>http://docs.oasis-open.org/ws-sx/'
        "ws-trust/200512/Issue</t:RequestType></t:RequestSecurityToken></s:Body></s:Envelope>"
    )
    return (
        exchange(
            Step.COMPUTER,
            Party.DIRECTORY,
            SearchRequest(
                base="DC=hybridjoin,DC=test", filter="(sAMAccountName=WS01$)", attributes=("objectGUID", "objectSid")
            ),
            found(
                "CN=WS01,CN=Computers,DC=hybridjoin,DC=test",
                ("sAMAccountName", ("WS01$",)),
                ("objectGUID", (Octets(base64=GUID_BASE64),)),
            ),
            at_ms=0,
            took_ms=6.3,
        ),
        exchange(
            Step.SCP,
            Party.DIRECTORY,
            SearchRequest(base=config, filter="(objectClass=*)", attributes=("keywords",), scope="base"),
            found(config, ("keywords", ("azureADName:hybridjoin.test", f"azureADId:{TENANT}"))),
            at_ms=7.2,
            took_ms=1.4,
        ),
        exchange(
            Step.DISCOVER,
            Party.ENTRA,
            get(f"{DRS}/hybridjoin.test/discover?api-version=1.9"),
            answer(discover),
            at_ms=10,
            took_ms=5.8,
        ),
        exchange(
            Step.REALM,
            Party.ENTRA,
            get(f"{LOGIN}/common/UserRealm/WS01$@hybridjoin.test?api-version=1.0"),
            answer(realm),
            at_ms=17,
            took_ms=3.9,
        ),
        exchange(Step.MEX, Party.IDP, get(f"{STS}/wsf/mex13/4afaa6b9"), answer(MEX), at_ms=22, took_ms=8.1),
        exchange(
            Step.TICKET,
            Party.DIRECTORY,
            TicketRequest(service="HTTP", host="sts.hybridjoin.test"),
            TicketReply(
                client="WS01$@HYBRIDJOIN.TEST",
                server="HTTP/sts.hybridjoin.test@HYBRIDJOIN.TEST",
                ticket_etype="aes256-cts-hmac-sha1-96",
                session_etype="aes256-cts-hmac-sha1-96",
                starts_at=NOON,
                ends_at=NOON + timedelta(hours=10),
            ),
            at_ms=33,
            took_ms=9.6,
        ),
        exchange(
            Step.RST,
            Party.IDP,
            post(f"{STS}/wsf/sts/4afaa6b9/windows", rst),
            answer(assertion(account_type_namespace=account_type_namespace)),
            at_ms=44,
            took_ms=21.7,
        ),
    )


def verdicts(*, account_type_ok: bool = True) -> tuple[Verdict, ...]:
    """A handful of requirement verdicts of every outcome."""
    claim = Verdict(
        requirement="CLAIM-02",
        level=Level.MUST,
        outcome=Outcome.PASSED if account_type_ok else Outcome.FAILED,
        sentence="The accounttype claim carries the namespace http://schemas.microsoft.com/ws/2012/01.",
        expected=ACCOUNT_TYPE,
        found=ACCOUNT_TYPE if account_type_ok else CLAIMS,
        where=Where(step=Step.RST, spot=Spot.ELEMENT, name="saml:Attribute", label="accounttype", line=1),
        remedy="PingOne: Attribute Mappings, accounttype, More Options, Update NameFormat.",
    )
    return (
        Verdict(
            requirement="MEX-01",
            level=Level.MUST,
            outcome=Outcome.PASSED,
            sentence="The metadata is well-formed XML with a wsdl:definitions element.",
            found="wsdl:definitions",
            where=Where(step=Step.MEX),
        ),
        Verdict(
            requirement="MEX-07",
            level=Level.SHOULD,
            outcome=Outcome.WARNING,
            sentence="A port with Negotiate authentication names its SPN in an endpoint identity.",
            expected="identity:Spn HTTP/sts.hybridjoin.test",
            found="no identity",
            where=Where(step=Step.MEX, spot=Spot.ELEMENT, name="wsdl:port", label="windows13", line=1),
            remedy="Add Identity/Spn to the EndpointReference.",
        ),
        claim,
        Verdict(
            requirement="SIG-03",
            level=Level.MUST,
            outcome=Outcome.PASSED,
            sentence="The assertion is signed with RSA-SHA256.",
            found="rsa-sha256",
            where=Where(step=Step.RST, spot=Spot.ELEMENT, name="ds:SignatureMethod"),
        ),
        Verdict(
            requirement="TOKEN-01",
            level=Level.MUST,
            outcome=Outcome.PASSED if account_type_ok else Outcome.SKIPPED,
            sentence="The access token is for the registration service.",
            found="urn:ms-drs:enterpriseregistration.windows.net" if account_type_ok else "",
            not_tested=None if account_type_ok else NotTested(reason=Untested.ABSENT, detail="no token was issued"),
        ),
    )


def claim_rows(*, account_type_ok: bool = True) -> tuple[ClaimRow, ...]:
    """The claim table."""
    return (
        ClaimRow(
            name="Subject",
            namespace="",
            expected=(GUID_BASE64,),
            found=(GUID_BASE64,),
            found_namespace="",
            outcome=Outcome.PASSED,
            source="objectGUID",
        ),
        ClaimRow(
            name="accounttype",
            namespace=ACCOUNT_TYPE,
            expected=("DJ",),
            found=("DJ",),
            found_namespace=ACCOUNT_TYPE if account_type_ok else CLAIMS,
            outcome=Outcome.PASSED if account_type_ok else Outcome.FAILED,
            mistake="" if account_type_ok else "right name and value, but in the namespace of onpremobjectguid",
            source="constant",
        ),
        ClaimRow(
            name="onpremobjectguid",
            namespace=CLAIMS,
            expected=(GUID_BASE64,),
            found=(GUID_BASE64,),
            found_namespace=CLAIMS,
            outcome=Outcome.PASSED,
            source="objectGUID",
        ),
        ClaimRow(
            name="primarysid",
            namespace=PRIMARY_SID,
            expected=(DEVICE_SID,),
            found=(DEVICE_SID,),
            found_namespace=PRIMARY_SID,
            outcome=Outcome.PASSED,
            source="objectSid",
        ),
    )


def good_join() -> JoinRecord:
    """WS01 joins."""
    last = (
        exchange(
            Step.TOKEN,
            Party.ENTRA,
            post(f"{LOGIN}/{TENANT}/oauth2/token", GRANT),
            answer('{"token_type": "Bearer", "expires_in": 3599, "access_token": "[masked 1204 characters]"}'),
            at_ms=68,
            took_ms=11.2,
        ),
        exchange(
            Step.JOIN,
            Party.ENTRA,
            post(f"{DRS}/EnrollmentServer/device/?api-version=1.0", '{"JoinType": 6, "DeviceDisplayName": "WS01"}'),
            answer('{"Certificate": {"Thumbprint": "F243C1D15BF2CD9D33764913B003E9FB56543560"}}'),
            at_ms=412,
            took_ms=14.9,
        ),
    )
    return JoinRecord(
        device="WS01",
        result=JoinResult.FEDERATED,
        failure=None,
        fallback_failure=None,
        exchanges=exchanges() + last,
        verdicts=verdicts(),
        claims=claim_rows(),
        debug_screen=(
            "DsrCLI: logging initialized.",
            "AdalLog: WebRequest Status:200 ; HRESULT: 0x0",
            "DsrCmdJoinHelper::Join: AutoEnrollAsComputer completed successfully",
            "DSREGCMD_END_STATUS",
        ),
        status_screen=("             AzureAdJoined : YES", f"                  DeviceId : {DEVICE_ID}"),
        device_id=DEVICE_ID,
        client_request_id=REQUEST_ID,
    )


def bad_join() -> JoinRecord:
    """The same with accounttype in the wrong namespace, hidden by the fallback."""
    refused = exchange(
        Step.TOKEN,
        Party.ENTRA,
        post(f"{LOGIN}/{TENANT}/oauth2/token", GRANT),
        answer(ENTRA_ERROR, 400, "Bad Request"),
        at_ms=68,
        took_ms=7.4,
    )
    fallback = exchange(
        Step.SYNC_JOIN,
        Party.ENTRA,
        post(
            f"{DRS}/EnrollmentServer/device/?api-version=1.0", '{"JoinType": 6, "Attributes": {"ReuseDevice": "true"}}'
        ),
        answer('{"Certificate": {"Thumbprint": "DADA1C38EBA6E6884F7DF92E22F057F689C07C8C"}}'),
        at_ms=290,
        took_ms=12.0,
    )
    return replace(
        good_join(),
        result=JoinResult.SYNCHRONIZED,
        failure=FailureRecord(
            phase=Phase.AUTH,
            step=Step.TOKEN,
            reason="Entra did not see a device in the assertion and looked for a user instead.",
            codes=(
                CodeRecord(
                    code="AADSTS51004",
                    symbol="UserAccountNotInDirectory",
                    meaning="The user account does not exist in the directory.",
                    certainty=Certainty.DOCUMENTED,
                    source="PingOne, hybrid join troubleshooting",
                ),
                CodeRecord(
                    code="0xcaa20003",
                    symbol="ERROR_ADAL_SERVER_ERROR_INVALID_GRANT",
                    meaning="Entra refused the assertion.",
                    certainty=Certainty.DOCUMENTED,
                    source="Microsoft Learn, troubleshoot-hybrid-join-windows-current",
                ),
                CodeRecord(
                    code="0xcaa1000e",
                    symbol="",
                    meaning="The outer wrapper that dsregcmd prints; not the cause.",
                    certainty=Certainty.OBSERVED,
                    source="PingOne, hybrid join troubleshooting",
                ),
            ),
            server_message=json.loads(ENTRA_ERROR)["error_description"],
            remedy="Give accounttype the namespace http://schemas.microsoft.com/ws/2012/01.",
        ),
        exchanges=(*exchanges(account_type_namespace=CLAIMS), refused, fallback),
        verdicts=verdicts(account_type_ok=False),
        claims=claim_rows(account_type_ok=False),
        debug_screen=(
            "AdalLog: WebRequest Status:400 ; HRESULT: 0x0",
            "AdalLog: Token response is not successfull. Status:400 ResponseText:" + ENTRA_ERROR + " ; HRESULT: 0x0",
            "AdalLog:  HRESULT: 0xcaa20003",
            "DsrCmdJoinHelper::Join: Federated ADRS join failed with error 0xcaa1000e. Try synchronized join.",
            "DsrCmdJoinHelper::Join: completed successfully",
        ),
    )


def good_scenario() -> ScenarioRecord:
    """A scenario that expects success and gets it."""
    return ScenarioRecord(
        id="pingone-trust-13",
        title="A healthy computer joins through a PingOne-shaped IdP",
        file="scenarios/joins/pingone-trust-13.scenario.yaml",
        line=1,
        outcome=Outcome.PASSED,
        expectations=(
            ExpectationRecord(
                name="join",
                place="scenarios/joins/pingone-trust-13.scenario.yaml:9:3",
                expected="federated",
                found="federated",
                met=True,
            ),
        ),
        join=good_join(),
        started_at=NOON,
        elapsed_s=0.61,
        tags=("smoke", "pingone"),
    )


def bad_scenario() -> ScenarioRecord:
    """A scenario that expects success and meets the wrong namespace."""
    file = "scenarios/claims/accounttype-wrong-namespace.scenario.yaml"
    return ScenarioRecord(
        id="accounttype-wrong-namespace",
        title="accounttype comes in the namespace of onpremobjectguid",
        file=file,
        line=1,
        outcome=Outcome.FAILED,
        expectations=(
            ExpectationRecord(
                name="join",
                place=f"{file}:12:3",
                expected="federated",
                found="synchronized",
                met=False,
                step=Step.TOKEN,
                explanation="Entra looked for a user because accounttype is not in http://schemas.microsoft.com/ws/2012/01.",
            ),
            ExpectationRecord(
                name="claims.accounttype",
                place=f"{file}:14:5",
                expected=f"DJ in {ACCOUNT_TYPE}",
                found=f"DJ in {CLAIMS}",
                met=False,
                step=Step.RST,
                explanation="right name and value, but in the namespace of onpremobjectguid",
            ),
            ExpectationRecord(
                name="aadsts", place=f"{file}:17:3", expected="51004", found="51004", met=True, step=Step.TOKEN
            ),
        ),
        join=bad_join(),
        started_at=NOON + timedelta(seconds=1),
        elapsed_s=0.58,
        tags=("claims", "seed"),
    )


def lost_scenario() -> ScenarioRecord:
    """A scenario that could not be finished because the directory died."""
    return ScenarioRecord(
        id="directory-dies",
        title="The directory dies in the middle",
        file="scenarios/surroundings/directory-dies.scenario.yaml",
        line=1,
        outcome=Outcome.INTERRUPTED,
        expectations=(),
        join=None,
        started_at=NOON + timedelta(seconds=2),
        elapsed_s=0.05,
        error="the domain controller stopped\nthe last lines of its log:\nsamba: EXITING",
    )


def sample_record(*scenarios: ScenarioRecord, interrupted: str = "") -> RunRecord:
    """A run of the given scenarios, or of the three above."""
    return RunRecord(
        schema=SCHEMA,
        run_id="0f6f2c1b",
        tool="hybridjoin 0.1.0",
        site="lab",
        backend="process",
        started_at=NOON,
        finished_at=NOON + timedelta(seconds=3.4),
        scenarios=scenarios or (good_scenario(), bad_scenario(), lost_scenario()),
        interrupted=interrupted,
    )


def large_record(*, scenarios: int = 100, requirements: int = 100) -> RunRecord:
    """A record of `scenarios * requirements` verdicts, with the distribution of a real IdP's."""
    areas = ("MEX", "RST", "RSTR", "SAML", "SIG", "CLAIM", "TOKEN", "JOIN")
    made = []
    for number in range(scenarios):
        join = good_join() if number % 5 else bad_join()
        answers = tuple(
            Verdict(
                requirement=f"{areas[at % len(areas)]}-{at:02}",
                level=Level.MUST if at % 3 else Level.SHOULD,
                outcome=Outcome.FAILED if (number * 7 + at) % 41 == 0 else Outcome.PASSED,
                sentence=f"Sentence {at} of the specification, as long as such sentences usually are.",
                expected="the value that the specification asks for",
                found=f"what came in scenario {number}",
                where=Where(step=Step.RST, spot=Spot.ELEMENT, name="saml:Attribute", line=12),
                remedy="Change the mapping in the console." if at % 4 == 0 else "",
            )
            for at in range(requirements)
        )
        base = good_scenario() if number % 5 else bad_scenario()
        made.append(replace(base, id=f"{base.id}-{number:03}", join=replace(join, verdicts=answers)))
    return sample_record(*made)
