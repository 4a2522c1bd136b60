"""What the events mean, against the levels at which Windows writes them."""

from __future__ import annotations

import pytest

from hybridjoin.device.events.rows import ROWS
from hybridjoin.knowledge import windows_causes
from hybridjoin.knowledge.article import Article
from hybridjoin.knowledge.events import EVENTS
from hybridjoin.model.logged_event import EventLevel

ARTICLES = {article.id: article for article in EVENTS}
# Levels of the manifest (build 18990) that no event of ours has.
FURTHER = {
    202: True,
    205: True,
    244: True,
    245: True,
    344: True,
    345: True,
    370: True,
    371: False,
    110: False,
}


def article(number: int) -> Article:
    return ARTICLES[f"event {number}"]


@pytest.mark.parametrize(
    ("number", "failed"),
    [*FURTHER.items(), *((number, row.level is EventLevel.ERROR) for number, row in ROWS.items() if number < 332)],
)
def test_an_error_has_causes_and_information_has_none(number: int, failed: bool) -> None:
    assert (article(number).causes != (windows_causes.NOTHING,)) is failed, article(number).meaning


def test_unregistering_fails_with_370_and_is_done_with_371() -> None:
    assert "could not be" in article(370).meaning
    assert article(371).meaning == "The device was unregistered."


def test_no_field_of_306_is_said_to_tell_the_road() -> None:
    assert "no field says which" in article(306).decoded
