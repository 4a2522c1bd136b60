"""The case file: however much came in, what is written can be read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.case.conclusions import Conclusion
from hybridjoin.intake.case.contradictions import Contradiction
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.sent_file import SentFile
from hybridjoin.scenario.case.case_file import MARK, case_body, load_case
from hybridjoin.scenario.yaml.source import MAX_BYTES


def fact(number: int, name: str = "log", value: str = "x") -> Fact:
    return Fact(about="attempt", name=name, value=value, file="a.txt", line=number, basis=bases.PING, of=str(number))


def case_of(facts: tuple[Fact, ...], **parts: object) -> CustomerCase:
    empty: dict[str, object] = dict.fromkeys(
        ("files", "conclusions", "remarks", "contradictions", "wanted", "parts"), ()
    )
    return CustomerCase(facts=facts, **{**empty, **parts})  # type: ignore[arg-type] # each is a tuple of its kind


def written(case: CustomerCase, folder: Path) -> Path:
    path = folder / "case.yaml"
    path.write_bytes(case_body(case, tool="hybridjoin 0"))
    return path


@pytest.mark.thorough
def test_a_case_of_everything_that_there_may_be_is_read_back(tmp_path: Path) -> None:
    facts = (*(fact(number, value="y" * 2_000) for number in range(900)), fact(1, "aadsts", "AADSTS51004"))
    concluded = tuple(
        Conclusion(question="codes", answer=str(number), of=str(number), because=facts[:40], basis=bases.PING)
        for number in range(1_000)
    )
    many = Contradiction(key="tenant.id", of="", facts=facts[:500])
    files = (*(SentFile(name=f"{number}.txt") for number in range(2_000)), SentFile(name="told.txt", facts=1))
    case = case_of(
        facts,
        files=files,
        conclusions=concluded,
        contradictions=(many,) * 500,
        mistakes=(Mistake(place="a", problem="b"),) * 900,
    )

    path = written(case, tmp_path)
    found = load_case(path)

    assert path.stat().st_size < MAX_BYTES
    assert "told.txt" in {item.name for item in found.files}
    assert found.facts[0].value == "AADSTS51004"  # a log's lines are left out first
    assert found.left_out == len(facts) - len(found.facts) + 1_701 + 700 + 450 + 600


@pytest.mark.parametrize(
    "value", ["", "no", "0x10", "~", "2025-07-09 02:14:21Z", "a: b # c", "- x", "\u202e\x1b[0m", "é\n\tü"]
)
def test_a_value_is_read_back_as_text(tmp_path: Path, value: str) -> None:
    (found,) = load_case(written(case_of((fact(1, value=value),)), tmp_path)).facts

    assert found.value == "".join(letter if letter.isprintable() or letter in "\n\t" else "\ufffd" for letter in value)
    assert (found.at, found.rule) == ("a.txt:1", "observed")


def test_a_mistake_in_a_case_is_told_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(f"{MARK}\nversion: 2\ntool: x\nfiles: []\nfacts: []\n")

    with pytest.raises(UsageError, match=r"case.yaml:2:10: expected one of 1, found the number 2"):
        load_case(path)
