"""`-k EXPR`."""

from __future__ import annotations

import pytest

from hybridjoin.cli.run.select import compile_expression
from hybridjoin.errors import UsageError


@pytest.mark.parametrize(
    ("expression", "text", "chosen"),
    [
        ("guid", "claims-guid-hex", True),
        ("GUID", "claims-guid-hex", True),
        ("guid and hex", "claims-guid-hex", True),
        ("guid and not hex", "claims-guid-hex", False),
        ("sid or hex", "claims-guid-hex", True),
        ("not (sid or hex)", "claims-guid-hex", False),
        ("not not guid", "claims-guid-hex", True),
        ("sid or guid and hex", "claims-guid-hex", True),
        ("(sid or guid) and missing", "claims-guid-hex", False),
        ("join[pingone-1.3]", "join[pingone-1.3]", True),
    ],
)
def test_words_are_joined_by_and_or_not_and_parentheses(expression: str, text: str, chosen: bool) -> None:
    assert compile_expression(expression)(text) is chosen


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", "expected a word, found the end"),
        ("and guid", "expected a word, found 'and'"),
        ("guid and", "expected a word, found the end"),
        ("(guid", "expected a closing parenthesis"),
        ("guid)", "expected `and`, `or` or the end, found '\\)'"),
        ("guid hex", "expected `and`, `or` or the end, found 'hex'"),
    ],
)
def test_what_is_no_expression_is_a_usage_error(expression: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        compile_expression(expression)
