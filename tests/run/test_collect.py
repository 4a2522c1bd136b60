"""A join becomes plain data: every code with where it is known from."""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.model.verdict import Certainty
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.rstr import SoapFault
from hybridjoin.run.collect import failure_record
from tests.run.joins import REFUSED, evidence_of, record_of


def test_a_refusal_of_entra_leads_with_its_own_code() -> None:
    record = failure_record(REFUSED)
    assert record is not None
    assert [(code.code, code.symbol, code.certainty) for code in record.codes] == [
        ("AADSTS51004", "invalid_grant", Certainty.OBSERVED),
        ("0xcaa20003", "ERROR_ADAL_SERVER_ERROR_INVALID_GRANT", Certainty.DOCUMENTED),
        ("0xcaa1000e", "", Certainty.OBSERVED),
    ]
    assert record.codes[0].meaning == "The user account {EUII Hidden} does not exist."
    assert record.server_message.startswith("AADSTS51004:")


def test_the_servers_own_words_are_kept_whoever_it_was() -> None:
    enrolment = EnrolmentError(http_status=400, error_type="DirectoryError", message="gone", trace_id="", time="")
    fault = SoapFault(
        soap_version="1.2", code="Sender", subcode=None, subcode_namespace=None, reason="no", detail="", http_status=500
    )
    said = [failure_record(replace(REFUSED, server=server)) for server in (enrolment, fault, None)]
    assert [record.server_message for record in said if record] == ["DirectoryError: gone", "no", ""]


def test_a_join_is_recorded_whole() -> None:
    record = record_of(evidence_of())
    assert (record.device, record.result) == ("WS01", JoinResult.FAILED)
    assert record.failure is not None
    assert (record.failure.phase, record.failure.step) == (Phase.AUTH, Step.TOKEN)
    assert [exchange.step for exchange in record.exchanges] == [Step.RST, Step.TOKEN]
    assert record.client_request_id == "7b690c51-7ff3-4900-8875-18a409e1053e"
    assert record_of(evidence_of(None)).failure is None
