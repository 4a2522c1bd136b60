"""Whom a requirement breaks: said of each, with a source, and of no requirement twice."""

from __future__ import annotations

import pytest

from hybridjoin.checks.breaks import BREAKS, breaks_of, table
from hybridjoin.checks.rules import BOOK
from hybridjoin.checks.sources import SOURCES
from hybridjoin.model.loss import Client, hurt
from hybridjoin.model.verdict import Level


def test_of_every_requirement_it_is_said_whom_it_breaks_and_of_nothing_else() -> None:
    known = {item.id for item in BOOK}

    assert known - set(BREAKS) == set(), "say in checks/breaks.py whom these break, or that nobody is known"
    assert set(BREAKS) - known == set(), "no requirement has these ids"


def test_it_is_said_once() -> None:
    with pytest.raises(ValueError, match="MEX-01 stands in the table of losses twice"):
        table([[("MEX-01", ())], [("MEX-02", ()), ("MEX-01", ())]])


def test_each_loss_names_its_source_and_where_it_can_be_read() -> None:
    losses = [loss for row in BREAKS.values() for loss in row]

    assert all(loss.source.partition(" ")[0] in SOURCES and loss.source.partition(" ")[2] for loss in losses)
    assert all(loss.url.startswith("http") for loss in losses)
    assert {loss.client for loss in losses} == set(Client)


def test_what_a_client_of_another_language_needs_alone_is_no_must_unless_a_specification_says_so() -> None:
    code = {"MSAL", "MSAL4J", "MSAL-PY", "MSAL-GO", "ADAL-PY"}
    odd = [
        item.id
        for item in BOOK
        if item.level is Level.MUST
        and item.specification in code
        and Client.WINDOWS not in {loss.client for loss in breaks_of(item.id)}
    ]

    assert odd == []


def test_a_may_breaks_no_join() -> None:
    assert {item.id for item in BOOK if item.level is Level.MAY and breaks_of(item.id)} == {"MEX-35"}


def test_it_is_told_in_a_few_words() -> None:
    assert hurt(breaks_of("RST-05")) == "MSAL Java, MSAL Go, ADAL"
    assert hurt(breaks_of("NEG-01")) == "nobody known"
