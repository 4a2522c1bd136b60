"""A place in a PowerShell text: what stands there, which line that is, and how to get past what is not read."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from hybridjoin.intake.powershell.letters import BLANKS, DOUBLE, SINGLE

_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}
SHOWN: Final = 60


class Cursor:
    """Goes through the text once; every method that moves it goes on by at least one letter, or stands at the end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._lines = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n")]

    @property
    def line(self) -> int:
        """The line that the cursor stands in, from 1."""
        return bisect_right(self._lines, self.at)

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.text)

    def peek(self, ahead: int = 0) -> str:
        """Return the letter at the cursor or behind it, empty at the end."""
        return self.text[self.at + ahead : self.at + ahead + 1]

    def begins(self, words: str) -> bool:
        """Tell whether these letters stand here."""
        return self.text.startswith(words, self.at)

    def skip(self, letters: int) -> None:
        """Go on by some letters, and not past the end."""
        self.at = min(self.at + letters, len(self.text))

    def blanks(self) -> None:
        """Go past blanks, continued lines, and comments: to the next thing of the same statement."""
        while not self.ended:
            if self.peek() in BLANKS:
                self.at += 1
            elif self.peek() == "`" and self._line_end(1):
                self.at += 1 + self._line_end(1)
            elif self.begins("<#"):
                end = self.text.find("#>", self.at)
                self.at = len(self.text) if end < 0 else end + 2
            elif self.peek() == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def continued(self) -> None:
        """Go past blanks and ends of lines behind a sign that does not end a statement."""
        self.blanks()
        while self.peek() == "\n":
            self.at += 1
            self.blanks()

    def _line_end(self, ahead: int) -> int:
        """Return how many letters end the line there; blanks behind a back-tick are forgiven, as mails leave them."""
        at = self.at + ahead
        while at < len(self.text) and self.text[at] in BLANKS:
            at += 1
        return at - self.at - ahead + 1 if self.text[at : at + 1] == "\n" else 0

    def lines(self) -> None:
        """Go past blanks and ends of lines: to the next thing inside brackets."""
        while True:
            self.blanks()
            if self.peek() not in {"\n", ";"} or self.ended:
                return
            self.at += 1

    def past_string(self) -> None:
        """Go past a text in quotation marks, of whichever kind, without reading it."""
        marks = SINGLE if self.peek() in SINGLE else DOUBLE
        self.at += 1
        while not self.ended:
            letter = self.peek()
            if letter == "`" and marks is DOUBLE:
                self.skip(2)
            elif letter in marks:
                self.at += 1
                if self.peek() not in marks or self.ended:
                    return
                self.at += 1
            else:
                self.at += 1

    def past_brackets(self) -> None:
        """Go past a pair of brackets with all that stands between them; to the end where it is never closed."""
        waiting = [_CLOSING[self.peek()]]
        self.at += 1
        while waiting and not self.ended:
            letter = self.peek()
            if letter in SINGLE or letter in DOUBLE:
                self.past_string()
            elif letter == "`":
                self.skip(2)
            elif letter == "#":
                self.blanks()
            else:
                self.at += 1
                if letter in _CLOSING:
                    waiting.append(_CLOSING[letter])
                elif letter == waiting[-1]:
                    waiting.pop()

    def past_statement(self) -> None:
        """Go past what is left of a statement; braces are left, for what stands within them is looked at."""
        while not self.ended and self.peek() not in {"\n", ";", "{", "}", "|"}:
            letter = self.peek()
            if letter in SINGLE or letter in DOUBLE:
                self.past_string()
            elif letter in {"(", "["}:
                self.past_brackets()
            elif letter == "`":
                self.skip(2)
            elif letter == "#" or letter in BLANKS:
                self.blanks()
            else:
                self.at += 1

    def shown(self, start: int) -> str:
        """Return what stands between a place and the cursor, in one line and shortened."""
        text = " ".join(self.text[start : self.at].split())
        return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}\u2026"
