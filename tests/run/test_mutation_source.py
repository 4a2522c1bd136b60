"""Where mutants start from: a file that holds a good assertion, or the evidence of a join; and what is refused."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.errors import PeerError, UsageError
from hybridjoin.evidence.facts import TrustedIssuer
from hybridjoin.model.mutation import Fate
from hybridjoin.mutations import OPERATORS, Area, Operator
from hybridjoin.protocol.rstr import TokenResponse
from hybridjoin.run.mutations.mutate import missed, run_mutations
from hybridjoin.run.mutations.source import baseline_of_file, baseline_of_join
from tests.mutations.baseline import TEXT, baseline, evidence
from tests.protocol.documents import AssertionText, ReplyText, Signer, fault_12, sign, signer


def write_key(folder: Path, who: Signer) -> dict[str, Path]:
    key, certificate = folder / "key.pem", folder / "cert.pem"
    key.write_bytes(who.pem)
    certificate.write_bytes(x509.load_der_x509_certificate(who.certificate).public_bytes(Encoding.PEM))
    return {"key": key, "certificate": certificate}


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Path]:
    return write_key(tmp_path, signer())


ALONE = sign(str(TEXT)).encode()
ANSWERED = bytes(ReplyText(tokens=(sign(str(TEXT)),)))


# What each of them needs of the file is the same in every kind of file: one in nine shows that of the other kinds.
SOME = [item for number, item in enumerate(OPERATORS) if number % 9 == 0 or item.id == "issuerid-missing"]


@pytest.mark.parametrize(
    ("body", "operators"),
    [(ANSWERED, OPERATORS), (ALONE, SOME), (str(TEXT).encode(), SOME)],
    ids=["response", "assertion", "unsigned"],
)
def test_a_file_alone_is_enough_for_every_mutation(
    body: bytes, operators: Sequence[Operator], keys: dict[str, Path], tmp_path: Path
) -> None:
    file = tmp_path / "good.xml"
    file.write_bytes(body)

    matrix = run_mutations(baseline_of_file(file, **keys), [(item,) for item in operators])

    assert matrix.source == "good.xml"
    assert missed(matrix) == ()
    assert [item.id for item in matrix.of(Fate.NOT_APPLICABLE)] == ["issuerid-missing"]
    assert [item.id for item in matrix.rows if item.unheard and item.fate is Fate.CAUGHT] == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty body"),
        (b"<html>", "expected well-formed XML"),
        (b"<html/>", "Envelope"),
        (fault_12(), "expected a token response, found the SOAP fault FailedAuthentication"),
        (bytes(ReplyText(tokens=('<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"/>',))), "found none"),
        (sign(str(AssertionText(claims=()))).encode(), "good onpremobjectguid and primarysid"),
        (sign(str(AssertionText(issued="x", window=None))).encode(), "IssueInstant"),
    ],
)
def test_a_file_that_holds_no_good_assertion_is_a_users_mistake(
    body: bytes, words: str, keys: dict[str, Path], tmp_path: Path
) -> None:
    file = tmp_path / "bad.xml"
    file.write_bytes(body)

    with pytest.raises(UsageError) as refused:
        baseline_of_file(file, **keys)

    assert words in str(refused.value)
    assert str(file) in str(refused.value)


def test_files_that_are_not_there_are_named(keys: dict[str, Path], tmp_path: Path) -> None:
    for missing in ({"file": tmp_path / "no.xml", **keys}, {"file": keys["key"], **keys, "key": tmp_path / "no.pem"}):
        with pytest.raises(UsageError, match=r"no\.(xml|pem): cannot be read: No such file"):
            baseline_of_file(**missing)


def test_a_key_of_another_certificate_is_told_before_anything_is_mutated(tmp_path: Path, keys: dict[str, Path]) -> None:
    file = tmp_path / "good.xml"
    file.write_bytes(ALONE)
    keys["key"].write_bytes(signer("stranger").pem)

    with pytest.raises(UsageError, match="expected the private key of the certificate"):
        baseline_of_file(file, **keys)


def test_a_key_that_is_none_is_a_users_mistake(tmp_path: Path, keys: dict[str, Path]) -> None:
    file = tmp_path / "good.xml"
    file.write_bytes(ALONE)
    keys["key"].write_text("no key")

    with pytest.raises(UsageError, match="no PEM private key"):
        baseline_of_file(file, **keys)


def test_the_evidence_of_a_join_is_taken_as_it_is(keys: dict[str, Path]) -> None:
    made = baseline_of_join(evidence(), source="WS01", **keys)

    assert made.parts == evidence().parts
    assert made.received_at == evidence().rstr_received_at
    assert base64.b64decode(made.identity.certificate) == signer().certificate
    assert "PRIVATE" not in repr(made.identity)


def test_a_join_without_an_assertion_cannot_be_mutated() -> None:
    with pytest.raises(PeerError, match="assertion to mutate, found none"):
        run_mutations(replace(baseline(), parts=baseline().parts.without(TokenResponse)), [])


def test_an_assertion_that_entra_refuses_is_no_good_one() -> None:
    with pytest.raises(PeerError, match=r"AADSTS50107 \(issuer-unknown\)"):
        run_mutations(replace(baseline(), parts=baseline().parts.but(TrustedIssuer(uri="https://other.test"))), [])


def operator(**changes: object) -> Operator:
    plain = Operator(id="x", sentence="X.", area=Area.STRUCTURE, touches=frozenset("x"), catches=frozenset({"SIG-01"}))
    return replace(plain, **changes)  # type: ignore[arg-type] # the fields of Operator


def test_a_fault_that_nobody_minds_is_missed_and_said() -> None:
    slips = operator(bend=lambda assertion: assertion.set("IssueInstant", "2025-07-09T02:14:22Z"))

    matrix = run_mutations(baseline(), [(slips,)])

    (row,) = missed(matrix)
    assert (row.fate, row.nobody, row.unheard) == (Fate.MISSED, True, ("SIG-01",))


def test_a_fault_that_only_entra_minds_is_missed_all_the_same() -> None:
    caught_elsewhere = operator(bend=lambda assertion: assertion.set("Issuer", "https://other.test"))

    (row,) = missed(run_mutations(baseline(), [(caught_elsewhere,)]))

    assert not row.nobody
    assert [item.requirement for item in row.caught_by] == ["SAML-02"]


def test_a_false_alarm_over_a_harmless_one_is_told_apart() -> None:
    harmless = operator(catches=frozenset(), harmless="so we say", bend=lambda assertion: assertion.set("Issuer", "x"))

    matrix = run_mutations(baseline(), [(harmless,)])

    assert matrix.rows[0].fate is Fate.ALARM
    assert missed(matrix) == ()


def test_a_mutation_that_changes_nothing_proves_nothing() -> None:
    matrix = run_mutations(baseline(), [(operator(bend=lambda _: None),)])

    assert matrix.rows[0].fate is Fate.NOT_APPLICABLE
    assert matrix.rows[0].sha256 == matrix.control.sha256
    assert "octets are those of the good assertion" in matrix.rows[0].reason


def test_each_row_is_told_as_soon_as_it_is_done() -> None:
    told: list[str] = []

    run_mutations(baseline(), [(item,) for item in OPERATORS[:3]], on_row=lambda row: told.append(row.id))

    assert told == [item.id for item in OPERATORS[:3]]


def test_the_key_stays_out_of_every_representation() -> None:
    assert "PRIVATE KEY" not in repr(baseline())
