"""PowerShell text is read as data: what stands there is read, what would have to be worked out is said to be unread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.intake.powershell.letters import DOUBLE, SINGLE, quoted
from hybridjoin.intake.powershell.nouns import Command, Expression, HashTable, Literal, Value
from hybridjoin.intake.powershell.script import read_commands


def one(text: str) -> Command:
    found = read_commands(text)
    assert len(found) == 1, found
    return found[0]


def value(written: str, before: str = "") -> Value:
    """Return what a parameter holds that is written so."""
    found = [item for item in read_commands(f"{before}\nSet-It -Value {written} -Last yes\n") if item.name == "Set-It"]
    assert dict(found[0].parameters)["Last"] == Literal(text="yes", line=found[0].parameters[-1][1].line)
    return dict(found[0].parameters)["Value"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("bare", "bare"),
        ("https://sts.test/a?b=c#d", "https://sts.test/a?b=c#d"),
        ("'it''s'", "it's"),
        ("''", ""),
        ('"say ""so"""', 'say "so"'),
        ('"a`tb`"c`$d"', 'a\tb"c$d'),
        ('"`u{20AC}"', "\u20ac"),
        ("'$literal `n'", "$literal `n"),
        ("\u2018curly\u2019", "curly"),
        ("\u201ccurly\u201d", "curly"),
        ("'mixed\u2019", "mixed"),
        ("'a\u2019\u2019b'", "a\u2019b"),
        ("abc\"def\"'ghi'", "abcdefghi"),
        ('a`"b', 'a"b'),
        ("('in brackets')", "in brackets"),
        ("$true", "true"),
        ("$null", ""),
        ('"costs 5$ or $"', "costs 5$ or $"),
        ("@'\nfirst\n'second'\n'@", "first\n'second'"),
        ('@"\na ""b"" `$c\n"@', 'a ""b"" $c'),
        ("@'\n'@", ""),
        ("`\n   'on the next line'", "on the next line"),
    ],
)
def test_a_text_is_read_as_powershell_would(written: str, text: str) -> None:
    assert value(written) == Literal(text=text, line=value(written).line)


@pytest.mark.parametrize(
    "written",
    [
        "$unknown", "$env:HOME", "$domain.Name", "$list[0]", "$(Get-Content x)", '"a $(Get-Date) b"', '"$unknown"',
        "(Get-Content 'x y')", "('a' + 'b')", "[Convert]::ToBase64String($bytes)", "@('a', 'b')", "{ 'a' }", "'a','b'",
        '"$env:X"', "[string]'a'", "$domain+'x'", '"$?"',
    ],
)  # fmt: skip
def test_what_would_have_to_be_worked_out_is_an_expression(written: str) -> None:
    found = value(written, "$domain = Get-MgDomain")

    assert isinstance(found, Expression)
    assert found.text
    assert found.line == 2


@pytest.mark.parametrize(
    ("before", "written", "text"),
    [
        ("$a = 'x'", "$a", "x"),
        ("$A='x'", "${a}", "x"),
        ("$script:a = 'x'", '"<$a>"', "<x>"),
        ("$a = 'x'\n$b = \"$a/y\"", "$b", "x/y"),
        ("$a = 'x'; $a = 'y'", "$a", "y"),
        ("$a =\n'x'", "$a", "x"),
    ],
)
def test_a_variable_stands_for_what_it_was_set_to(before: str, written: str, text: str) -> None:
    found = value(written, before)
    assert isinstance(found, Literal)
    assert found.text == text


@pytest.mark.parametrize(
    "before",
    [
        "$a = 'x' + 'y'",
        "$a = 'x'\nif ($b) { $a = 'y' }",
        "$a = 'x'\n$a += 'y'",
        "$a = Get-Thing -Of 'x'",
        "foreach ($b in 1..2) { $a = 'x' }",
        "$a = 'x' | Out-String",
    ],
)
def test_what_a_variable_holds_is_not_guessed(before: str) -> None:
    assert isinstance(value("$a", before), Expression)


def test_splatting_puts_the_hash_table_in_the_place_of_parameters() -> None:
    text = (
        "$p = @{\n  One = 'a'; 'Two' = \"b\"\n  # a comment with 'one quote\n  Three = Get-Date\n}\nNew-It @p -Four d\n"
    )
    found = dict(one(text).parameters)

    assert (found["One"], found["Two"], found["Four"]) == (
        Literal(text="a", line=2), Literal(text="b", line=2), Literal(text="d", line=6),
    )  # fmt: skip
    assert found["Three"] == Expression(text="Get-Date", line=4)
    assert dict(one("New-It @unknown -A 1").parameters)["@unknown"] == Expression(text="@unknown", line=1)


def test_a_hash_table_may_be_a_value_and_hold_others() -> None:
    found = value("@{ a = @{ b = 'c' }; 'd' = $true }")

    assert isinstance(found, HashTable)
    inner = dict(found.pairs)["a"]
    assert isinstance(inner, HashTable)
    assert dict(inner.pairs)["b"] == Literal(text="c", line=2)


def test_parameters_of_every_shape_are_read() -> None:
    found = one("PS C:\\> New-It -One:a \u2013Two 'b' -Switch -Three c # -Four d\n")

    assert [(name, item.text) for name, item in found.parameters if isinstance(item, Literal)] == [
        ("One", "a"), ("Two", "b"), ("Switch", "true"), ("Three", "c"),
    ]  # fmt: skip


def test_a_command_ends_where_powershell_ends_it() -> None:
    found = read_commands("New-A -B c; New-D -E f | Out-Null\nNew-G -H i\n-J k\ntry { New-L -M n } catch { }\n")

    assert [(item.name, item.line, item.conditional) for item in found] == [
        ("New-A", 1, False), ("New-D", 1, False), ("Out-Null", 1, False), ("New-G", 2, False), ("New-L", 4, True),
    ]  # fmt: skip
    assert dict(found[3].parameters) == {"H": Literal(text="i", line=2)}


def test_comments_and_texts_hold_no_commands() -> None:
    assert read_commands("# New-A -B c\n<# New-D\nNew-E #>\n$x = 'New-F -G h'\n\"New-I -J k\"\n") == ()


LETTERS = st.text(
    st.one_of(st.sampled_from(sorted(SINGLE | DOUBLE | set("`$(){}@;|&#,-= "))), st.characters(codec="utf-8"))
).filter(lambda text: not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in text))


@given(LETTERS)
def test_what_is_quoted_is_read_back_letter_by_letter_and_nothing_follows(text: str) -> None:
    found = one(f"New-It -Value {quoted(text)} -Last yes")

    assert found.parameters == (("Value", Literal(text=text, line=1)), ("Last", Literal(text="yes", line=1)))


@pytest.mark.parametrize("text", ["a\nb", "\0", "\x1b[31m", "\x85", "\ud800"])
def test_control_letters_are_never_written(text: str) -> None:
    with pytest.raises(ValueError, match="expected text without control letters"):
        quoted(text)


@given(st.text(st.sampled_from("ab-'\"\u2018\u201c`$(){}[]@;|&#<>=, \n:.")))
def test_whatever_the_text_it_is_read_to_its_end(text: str) -> None:
    for command in read_commands(f"New-It -A 1\n{text}"):
        assert command.line >= 1
        assert all(isinstance(item, Literal | Expression | HashTable) for _, item in command.parameters)


@pytest.mark.parametrize(
    "end", ['"a`', "'a", '"', "`", "@'\n", "$(", "(", "@{", "@{a", "@{a=", "<#", '("`', "$", "@", "-"]
)
def test_what_breaks_off_is_read_to_its_end(end: str) -> None:
    assert [item.name for item in read_commands(f"New-It -A {end}")] == ["New-It"]
    assert read_commands(f"$a = {end}") == ()


@pytest.mark.parametrize("doubled", ['"$a$a"', "($a)$a", '@"\n$a$a\n"@'])
def test_a_text_that_doubles_itself_in_each_line_does_not_fill_the_memory(doubled: str) -> None:
    command = read_commands("$a = 'xx'\n" + f"$a = {doubled}\n" * 60 + "Set-It -Value $a\n")[0]

    assert isinstance(dict(command.parameters)["Value"], Expression)


def test_brackets_that_nest_beyond_reason_are_read_to_the_end() -> None:
    assert read_commands("New-It -A " + "(" * 5000 + "'x'" + ")" * 5000)[0].name == "New-It"
    assert read_commands("New-It -A " + "@{a=" * 5000)[0].name == "New-It"
