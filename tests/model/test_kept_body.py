"""What a peer sends decides what is kept, and not how much: a large body is kept by both its ends, and says so."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.bundle.anonymise import anonymised
from hybridjoin.model.exchange import Exchange, HttpReply, HttpRequest
from hybridjoin.model.hiding import hide
from hybridjoin.model.kept_body import KEPT_OCTETS, Excerpt, KeptInParts, excerpt, octets
from hybridjoin.model.recorded import HttpReplyRecord, HttpRequestRecord, keep, mask_again, recall
from hybridjoin.model.steps import Party, Step
from hybridjoin.model.vault import VAULT
from hybridjoin.report.drawn import UNJUDGED, drawn_reply, drawn_request
from hybridjoin.report.json_report import read_record, write_record
from tests.report.sample import good_scenario, sample_record

LARGE = b"<a>" + b"x" * KEPT_OCTETS + b"</a>"
RST = Exchange(
    step=Step.RST,
    party=Party.IDP,
    request=HttpRequest(method="POST", url="https://sts.contoso.example/", body=LARGE),
    reply=HttpReply(status=500, body=LARGE),
    started_at=datetime(2026, 7, 14, 12, 0, tzinfo=UTC),
    elapsed_s=0.1,
)


@pytest.mark.parametrize("size", [0, 1, KEPT_OCTETS - 1, KEPT_OCTETS])
def test_what_is_judged_on_a_good_day_is_kept_whole(size: int) -> None:
    kept = excerpt(b"x" * size)

    assert not isinstance(kept, Excerpt)
    assert octets(kept) == b"x" * size


@given(letter=st.characters(exclude_categories=["Cs", "Cc"]), more=st.integers(1, 9), shift=st.integers(0, 3))
def test_of_a_larger_one_both_ends_are_kept_and_what_is_left_out_is_counted(letter: str, more: int, shift: int) -> None:
    octet = letter.encode()
    body = b"x" * shift + octet * (KEPT_OCTETS // len(octet) + more)
    kept = excerpt(body)

    assert isinstance(kept, Excerpt)
    head, tail = octets(kept.head), octets(kept.tail)
    assert body.startswith(head)
    assert body.endswith(tail)
    assert len(head) + kept.left_out + len(tail) == kept.size == len(body)
    assert kept.sha256 == hashlib.sha256(body).hexdigest()
    assert (type(kept.head), type(kept.tail)) == (str, str), "no character is cut in two"
    assert KEPT_OCTETS - 4 <= len(head) + len(tail) <= KEPT_OCTETS + 4


def test_octets_that_are_no_text_are_cut_as_well() -> None:
    body = b"\x80" * (KEPT_OCTETS + 9)
    kept = excerpt(body)

    assert isinstance(kept, Excerpt)
    assert octets(kept.head) + b"\x80" * kept.left_out + octets(kept.tail) == body


def test_no_half_of_a_secret_is_left_where_a_body_is_cut() -> None:
    secret = os.urandom(600)
    VAULT.learn(secret, "a ticket")
    twice = base64.b64encode(base64.b64encode(secret))
    kept = excerpt(b"x" * (KEPT_OCTETS // 2 - 300) + b"\n" + twice + b"\n" + b"y" * KEPT_OCTETS)

    said = repr(kept)
    assert twice[:200].decode() not in said
    assert twice[-200:].decode() not in said
    assert VAULT.tag(secret) in said


def test_a_request_in_parts_is_gone_through_again_and_an_answer_in_parts_is_not() -> None:
    kept = keep(RST)
    assert isinstance(kept.reply, HttpReplyRecord)

    with pytest.raises(KeptInParts, match=rf"the answer at the step 'rst' had {len(LARGE)} octets, of which no more"):
        recall(kept)

    asked = recall(replace(kept, reply=replace(kept.reply, body=""))).request
    assert isinstance(asked, HttpRequest)
    assert b"7 octets are left out here" in asked.body


def test_it_is_masked_again_written_and_read_as_it_is() -> None:
    assert mask_again(keep(RST)) == keep(RST)


def test_a_record_on_the_disk_has_both_ends_and_no_more(tmp_path: Path) -> None:
    scenario = good_scenario()
    assert scenario.join is not None
    record = sample_record(replace(scenario, join=replace(scenario.join, exchanges=(keep(RST),))))

    place = write_record(record, tmp_path)

    assert read_record(place) == record
    assert place.stat().st_size < 3 * KEPT_OCTETS


def test_people_read_what_is_missing_and_that_the_answer_cannot_be_judged_again() -> None:
    kept = keep(RST)
    assert isinstance(kept.request, HttpRequestRecord)
    assert isinstance(kept.request.body, Excerpt)

    assert kept.request.body.note in drawn_request(kept.request).body
    assert UNJUDGED not in drawn_request(kept.request).body
    assert drawn_reply(kept.reply).body.startswith(UNJUDGED)


def test_an_anonymised_record_has_neither_ends_nor_digest() -> None:
    scenario = good_scenario()
    assert scenario.join is not None
    kept = keep(RST)
    record = sample_record(replace(scenario, join=replace(scenario.join, exchanges=(kept,))))

    done = anonymised(record).scenarios[0].join

    assert done is not None
    request = done.exchanges[0].request
    assert isinstance(request, HttpRequestRecord)
    assert request.body == Excerpt(head="", tail="", left_out=len(LARGE), sha256="")


@pytest.mark.parametrize(
    "packed", [gzip.compress, zlib.compress, lambda body: b"\x80" + body], ids=["gzip", "zlib", "raw"]
)
def test_octets_in_which_a_secret_is_hidden_can_still_be_read(packed: Callable[[bytes], bytes]) -> None:
    secret = os.urandom(600)
    exchange = keep(replace(RST, reply=HttpReply(status=500, body=packed(b"<t>" + secret + b"</t>"))))
    VAULT.learn(secret, "a ticket")

    hidden = hide(exchange)

    assert hidden != exchange
    reply = recall(replace(hidden, request=HttpRequestRecord(method="GET", url="https://x/"))).reply
    assert isinstance(reply, HttpReply)
    assert VAULT.tag(secret).encode() in reply.body
