"""SOAP faults: each of WS-Trust's eleven, in both versions of both protocols."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.idp.faults import FAULTS, WS_TRUST_FAULTS
from hybridjoin.doubles.idp.issue import ordered_fault, soap_fault
from hybridjoin.doubles.idp.rst import SOAP_11, SOAP_12, TRUST_NAMESPACES, Rst, RstRefused

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
RST_13 = Rst(trust="1.3", soap=SOAP_12, message_id="urn:uuid:1")
RST_2005 = Rst(trust="2005", soap=SOAP_12, message_id="urn:uuid:1")


def ordered(**options: object) -> Misbehaviour:
    assert not list(FAULTS["soap-fault"].problems(options))
    return FAULTS["soap-fault"].chosen(**options)


def test_ws_trust_names_eleven() -> None:
    option = FAULTS["soap-fault"].option("name")

    assert option is not None
    assert option.choices == WS_TRUST_FAULTS
    assert len(WS_TRUST_FAULTS) == 11


@pytest.mark.parametrize("name", WS_TRUST_FAULTS)
@pytest.mark.parametrize("rst", [RST_13, RST_2005], ids=["1.3", "2005"])
def test_each_ws_trust_fault_can_be_ordered(name: str, rst: Rst) -> None:
    reply = ordered_fault(ordered(name=name, reason="because <so>"), rst, now=NOW)
    fault = etree.fromstring(reply.body).find(f".//{{{SOAP_12}}}Fault")

    assert fault is not None
    value = fault.find("{*}Code/{*}Subcode/{*}Value")
    assert value is not None
    prefix, _, local = (value.text or "").partition(":")
    assert (local, value.nsmap[prefix]) == (name, TRUST_NAMESPACES[rst.trust])
    assert fault.findtext("{*}Reason/{*}Text") == "because <so>"
    assert (reply.status, reply.content_type) == (500, "application/soap+xml; charset=utf-8")


def test_a_soap_11_fault_has_soap_11s_shape_and_media_type() -> None:
    reply = ordered_fault(ordered(soap="1.1"), RST_13, now=NOW)
    fault = etree.fromstring(reply.body).find(f".//{{{SOAP_11}}}Fault")

    assert fault is not None
    assert (fault.findtext("faultcode") or "").endswith(":FailedAuthentication")
    assert fault.findtext("faultstring")
    assert reply.content_type == "text/xml"


def test_a_refusal_answers_in_the_soap_version_of_the_request_and_relates_to_it() -> None:
    rst = Rst(trust="2005", soap=SOAP_11, message_id="urn:uuid:3")
    reply = soap_fault(RstRefused("InvalidScope", "No.", rst=rst), now=NOW)

    assert etree.fromstring(reply.body).tag == f"{{{SOAP_11}}}Envelope"
    assert etree.fromstring(reply.body).findtext(".//{*}RelatesTo") == "urn:uuid:3"


def test_soaps_own_faults_have_soaps_own_code_and_name_what_was_not_understood() -> None:
    unknown = RstRefused("MustUnderstand", "No.", rst=RST_13, namespace=SOAP_12, not_understood=("urn:x", "New"))
    reply = etree.fromstring(soap_fault(unknown, now=NOW).body)
    named = reply.find(f".//{{{SOAP_12}}}NotUnderstood")

    assert named is not None
    prefix, _, local = (named.get("qname") or "").partition(":")
    assert (named.nsmap[prefix], local) == ("urn:x", "New")
    assert (reply.findtext(".//{*}Code/{*}Value") or "").endswith(":MustUnderstand")
    assert reply.find(".//{*}Subcode") is None


def test_an_unknown_soap_version_is_told_which_one_is_spoken() -> None:
    refused = RstRefused("VersionMismatch", "No.", rst=RST_13, namespace=SOAP_12)
    reply = etree.fromstring(soap_fault(refused, now=NOW).body)

    assert reply.find(f".//{{{SOAP_12}}}Upgrade/{{{SOAP_12}}}SupportedEnvelope") is not None
    assert (reply.findtext(".//{*}Code/{*}Value") or "").endswith(":VersionMismatch")
