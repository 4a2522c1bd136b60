"""A PowerShell text, statement by statement: which commands it names, and with which parameters.

Nothing is carried out. A variable that was set to a text or a hash table further up stands for it; whatever else would
have to be worked out (a call, an operator, a member, what is set inside braces) is kept as an expression with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.powershell.cursor import Cursor
from hybridjoin.intake.powershell.letters import BLANKS, DASHES, DOUBLE, SINGLE, VARIABLE, variable_name
from hybridjoin.intake.powershell.nouns import Command, Expression, HashTable, Literal, Value
from hybridjoin.intake.powershell.strings import VALUE_LIMIT, at_string, read_string, value_of

DEPTH_LIMIT: Final = 8
_PROMPT: Final = re.compile(r"[ \t]*(?:PS [^>\n]{0,260}>|>>)[ \t]?")
_NAME: Final = re.compile(r"[A-Za-z]+[-\u2013\u2014\u2015][A-Za-z]+\b")
_PARAMETER: Final = re.compile(r"[-\u2013\u2014\u2015]([A-Za-z][A-Za-z0-9_]{0,80})(:?)")
_SPLAT: Final = re.compile(r"@([A-Za-z0-9_]{1,80})")
_KEY: Final = re.compile(r"[A-Za-z_@][\w.@-]{0,80}")
_ASSIGNED: Final = re.compile(r"\s*=(?!=)")
_VALUES: Final = frozenset("$@(0123456789")
_ENDS: Final = frozenset("\n;|{}()&")


def read_commands(text: str) -> tuple[Command, ...]:
    """Read every command of a text that has a Verb-Noun name, in their order."""
    return tuple(_Script(text).commands())


class _Script:
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        self._cursor = Cursor(text)
        self._known: dict[str, Value] = {}
        self._braces = 0

    def commands(self) -> Iterator[Command]:
        cursor = self._cursor
        while True:
            cursor.lines()
            if cursor.ended:
                return
            before = cursor.at
            found = self._statement()
            if found is not None:
                yield found
            if cursor.at == before:
                cursor.at += 1

    def _statement(self) -> Command | None:
        """Read one statement where it is a command or an assignment, and go past it where it is neither."""
        cursor = self._cursor
        prompt = _PROMPT.match(cursor.text, cursor.at)
        if prompt is not None:
            cursor.at = prompt.end()
            cursor.blanks()
        if cursor.peek() in {"{", "}"}:
            self._braces = max(0, self._braces + (1 if cursor.peek() == "{" else -1))
            cursor.at += 1
            return None
        variable = VARIABLE.match(cursor.text, cursor.at)
        if variable is not None:
            return self._assignment(variable)
        name = _NAME.match(cursor.text, cursor.at)
        if name is None:
            if cursor.peek() in {"|", "(", ")", "&"}:
                cursor.at += 1  # what stands behind it is a statement of its own
            else:
                cursor.past_statement()
            return None
        return self._command(name)

    def _assignment(self, variable: re.Match[str]) -> Command | None:
        cursor, start = self._cursor, self._cursor.at
        cursor.at = variable.end()
        equals = _ASSIGNED.match(cursor.text, cursor.at)
        name = variable_name(variable)
        if equals is None:
            # A member that is set, an operator that adds: what the variable held before is no longer known.
            cursor.past_statement()
            if "=" in cursor.text[start : cursor.at]:
                self._known[name] = Expression(text=cursor.shown(start), line=cursor.line)
            return None
        cursor.at = equals.end()
        cursor.continued()
        line, value_at = cursor.line, cursor.at
        called = _NAME.match(cursor.text, cursor.at)
        if called is not None:
            command = self._command(called)
            self._known[name] = Expression(text=cursor.shown(value_at), line=line)
            return command
        value = self._entry(0)
        self._known[name] = Expression(text=cursor.shown(value_at), line=line) if self._braces else value
        return None

    def _command(self, name: re.Match[str]) -> Command:
        cursor, line = self._cursor, self._cursor.line
        cursor.at = name.end()
        parameters: dict[str, tuple[str, Value]] = {}
        for key, value in self._arguments():
            parameters[key.lower()] = (key, value)
        return Command(
            name="".join("-" if letter in DASHES else letter for letter in name[0]),
            line=line,
            parameters=tuple(parameters.values()),
            conditional=self._braces > 0,
        )

    def _arguments(self) -> Iterator[tuple[str, Value]]:
        cursor = self._cursor
        while True:
            cursor.blanks()
            if cursor.ended or cursor.peek() in _ENDS - {"(", "{"}:
                return
            parameter, splat = (pattern.match(cursor.text, cursor.at) for pattern in (_PARAMETER, _SPLAT))
            if parameter is not None:
                yield parameter[1], self._argument(parameter)
            elif splat is not None:
                cursor.at = splat.end()
                yield from self._splatted(splat)
            else:
                before = cursor.at
                self._value(cursor.line)
                cursor.skip(cursor.at == before)

    def _argument(self, parameter: re.Match[str]) -> Value:
        """Read what belongs to a parameter; one that another follows, or nothing, is a switch."""
        cursor = self._cursor
        cursor.at = parameter.end()
        cursor.blanks()
        bare = not parameter[2] and _PARAMETER.match(cursor.text, cursor.at) is not None
        if bare or cursor.ended or cursor.peek() in _ENDS - {"(", "{"}:
            return Literal(text="true", line=cursor.line)
        return self._value(cursor.line)

    def _splatted(self, splat: re.Match[str]) -> Iterator[tuple[str, Value]]:
        table = self._known.get(splat[1].lower())
        if isinstance(table, HashTable):
            yield from table.pairs
        else:
            yield f"@{splat[1]}", Expression(text=splat[0], line=self._cursor.line)

    def _value(self, line: int, depth: int = 0) -> Value:
        """Read a value: one piece, or several that stand side by side."""
        cursor, start = self._cursor, self._cursor.at
        if cursor.begins("@{") and depth < DEPTH_LIMIT:
            return self._table(line, depth)
        pieces: list[str | HashTable] = []
        while not self._value_ends():
            piece = self._piece(depth)
            if piece is None:
                self._past_word()
                return Expression(text=cursor.shown(start), line=line)
            pieces.append(piece)
        if len(pieces) == 1 and isinstance(pieces[0], HashTable):
            return pieces[0]
        if cursor.peek() == "," or any(isinstance(piece, HashTable) for piece in pieces):
            self._past_word()
            return Expression(text=cursor.shown(start), line=line)
        if len(pieces) > 1 and sum(len(str(piece)) for piece in pieces) > VALUE_LIMIT:
            return Expression(text=cursor.shown(start), line=line)
        return Literal(text="".join(map(str, pieces)), line=line)

    def _value_ends(self) -> bool:
        letter = self._cursor.peek()
        return self._cursor.ended or letter == "," or letter in BLANKS or letter in _ENDS - {"(", "{"}

    def _piece(self, depth: int) -> str | HashTable | None:
        """Read one piece of a value: a text, a known variable, bare letters; None where it has to be worked out."""
        cursor = self._cursor
        if at_string(cursor):
            return read_string(cursor, self._known)
        variable = VARIABLE.match(cursor.text, cursor.at)
        if variable is not None:
            return self._variable(variable)
        if cursor.begins("@(") or cursor.begins("$("):
            cursor.at += 1
            cursor.past_brackets()
            return None
        if cursor.peek() in {"(", "{", "["}:
            return self._inside(depth)
        if cursor.peek() == "`":
            cursor.skip(2)
            return cursor.text[cursor.at - 1]
        cursor.at += 1
        letter = cursor.text[cursor.at - 1]
        return None if letter == "$" else letter

    def _inside(self, depth: int) -> str | HashTable | None:
        """Read what round brackets hold where that is a single value; anything else is an expression."""
        cursor, start = self._cursor, self._cursor.at
        cursor.past_brackets()
        end, cursor.at = cursor.at, start
        if cursor.peek() != "(" or depth >= DEPTH_LIMIT:
            cursor.at = end
            return None
        cursor.at += 1
        cursor.blanks()
        quoted = at_string(cursor) or VARIABLE.match(cursor.text, cursor.at) is not None
        value = self._value(cursor.line, depth + 1) if quoted else None
        cursor.blanks()
        alone = cursor.at == end - 1
        cursor.at = end
        return value.text if alone and isinstance(value, Literal) else None

    def _variable(self, match: re.Match[str]) -> str | HashTable | None:
        cursor = self._cursor
        cursor.at = match.end()
        if cursor.peek() in {".", "[", ":"}:
            return None
        value = value_of(match, self._known)
        return value.text if isinstance(value, Literal) else value if isinstance(value, HashTable) else None

    def _past_word(self) -> None:
        """Go past what is left of a value that is not read."""
        cursor = self._cursor
        while not cursor.ended and cursor.peek() not in _ENDS - {"(", "{"} | BLANKS:
            if cursor.peek() in {"(", "{", "["}:
                cursor.past_brackets()
            elif cursor.peek() in SINGLE | DOUBLE:
                cursor.past_string()
            else:
                cursor.at += 1

    def _table(self, line: int, depth: int) -> HashTable:
        """Read a hash table; an entry that is not understood is left out up to its end."""
        cursor = self._cursor
        cursor.at += 2
        pairs: dict[str, tuple[str, Value]] = {}
        while True:
            cursor.lines()
            if cursor.ended or cursor.peek() == "}":
                cursor.at += 1
                return HashTable(pairs=tuple(pairs.values()), line=line)
            key = self._key()
            equals = _ASSIGNED.match(cursor.text, cursor.at) if key else None
            if key is None or equals is None:
                before = cursor.at
                cursor.past_statement()
                cursor.skip(cursor.at == before)
                continue
            cursor.at = equals.end()
            pairs[key.lower()] = (key, self._entry(depth))

    def _entry(self, depth: int) -> Value:
        """Read what stands right of an equals sign: a value and nothing behind it, for a bare word is a call there."""
        cursor = self._cursor
        cursor.continued()
        line, start = cursor.line, cursor.at
        value = self._value(line, depth + 1) if at_string(cursor) or cursor.peek() in _VALUES else None
        cursor.blanks()
        if value is None or not (cursor.ended or cursor.peek() in {"\n", ";", "}"}):
            cursor.past_statement()
            return Expression(text=cursor.shown(start), line=line)
        return value

    def _key(self) -> str | None:
        cursor = self._cursor
        if at_string(cursor):
            return read_string(cursor, self._known)
        match = _KEY.match(cursor.text, cursor.at)
        if match is None:
            return None
        cursor.at = match.end()
        return match[0]
