"""The page on levels holds what the registry says, and leaves out nothing that needs a reason."""

from __future__ import annotations

import re
from pathlib import Path

from hybridjoin.checks.rules import BOOK
from hybridjoin.checks.sources import SOURCES
from hybridjoin.model.verdict import Level

PAGE = Path(__file__).parents[2] / "docs" / "levels.md"
ROW = re.compile(r"\| ([A-Z][A-Z0-9]*-\d\d) \| (\w+) \| (.*?) \| (.*?) \|")
# Documents that say MUST in the sense of RFC 2119, or lay a form down: theirs needs no further reason.
NORMATIVE = (
    *("WSDL", "WSP", "WST", "WSA", "WSMEX", "WSS", "SOAP12", "SAML11", "XMLDSIG", "RFC"),
    *("MS-N2HT", "MS-SPNG", "MS-KILE", "MS-DVRJ", "MS-MWBF", "OIDC"),
)
ROWS = [match.groups() for match in ROW.finditer(PAGE.read_text(encoding="utf-8"))]


def test_every_row_names_a_requirement_and_its_level_once() -> None:
    levels = {item.id: item.level.value for item in BOOK}

    assert {name: level for name, level, _, _ in ROWS} == {name: levels.get(name) for name, _, _, _ in ROWS}
    assert len(ROWS) == len({name for name, _, _, _ in ROWS})


def test_every_level_that_is_not_simply_its_specifications_must_has_its_reason() -> None:
    needing = {item.id for item in BOOK if item.level is not Level.MUST or not item.specification.startswith(NORMATIVE)}

    assert needing - {name for name, _, _, _ in ROWS} == set(), "a row in docs/levels.md is missing"


def test_every_row_says_why_and_who_says_so() -> None:
    assert [name for name, _, why, _ in ROWS if len(why) < 10] == []
    assert {name: source for name, _, _, source in ROWS if source.partition(" ")[0] not in SOURCES} == {}
    assert [name for name, _, _, source in ROWS if not source.partition(" ")[2]] == []
