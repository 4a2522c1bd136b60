"""The sentences that name a known mistake in a claim: one table, for the recognisers and for whoever expects one.

What stands in braces is filled in when a mistake is met. A scenario expects a mistake by some words of its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_BRACES: Final = re.compile(r"\{[a-z]+\}")
_FEWEST_LETTERS: Final = 3
WELL_KNOWN_GROUPS: Final = MappingProxyType(
    {
        "512": "Domain Admins",
        "513": "Domain Users",
        "514": "Domain Guests",
        "515": "Domain Computers",
        "516": "Domain Controllers",
    }
)
SIDES: Final = ("at the end", "at the beginning")
_FILLINGS: Final = ("objectGUID", "mS-DS-ConsistencyGuid", *WELL_KNOWN_GROUPS.values(), *SIDES)


class MistakeWords(StrEnum):
    """A named mistake; its value is the sentence."""

    EMPTY = "the value is empty: the attribute it is taken from is probably not set on computers"
    BROKEN_LINES = "line breaks or spaces stand inside the value; it has to be one unbroken word"
    WHITE_SPACE = "white space stands {side} of the value, which is compared character by character"
    QUOTED = "the quotation marks of the expression were kept as part of the value"
    UNSEEN = "{character}, which nobody sees, stands in it"  # this one and the next are said by model/likeness
    LOOK_ALIKE = "'{found}' in it is {character} and not '{right}'"
    OTHER_ATTRIBUTE = "taken from {other} although {right} belongs here"
    URL_SAFE = "base64 in the URL-safe alphabet; the standard one with + and / is wanted"
    URL_SAFE_UNPADDED = (
        "base64 in the URL-safe alphabet and without its padding; the standard one with + and / is wanted"
    )
    UNPADDED = "base64 without its padding; the closing == is wanted"
    BIG_ENDIAN = (
        "these are the big-endian bytes of {attribute} (RFC 4122 order); a directory keeps the first three groups "
        "little-endian"
    )
    BASE64_OF_TEXT = "base64 of the text of {attribute} instead of its 16 bytes"
    ENCODED_TWICE = "base64 of the base64 text of {attribute}: it was encoded twice"
    HEX_BYTES = "the bytes of {attribute} in hexadecimal instead of base64"
    HEX_DIGITS = "the digits of {attribute} in hexadecimal, big-endian, instead of base64 of its bytes"
    GUID_IN_BRACES = "{attribute} as text in braces instead of base64 of its 16 bytes"
    GUID_AS_TEXT = "{attribute} as text instead of base64 of its 16 bytes"
    STRANGE_GUID = "base64 of the GUID {guid}, which is none of this computer's"
    SID_FOR_GUID = "a SID stands where a GUID belongs"
    NAME_FOR_GUID = "a name stands where a GUID belongs"
    BINARY_AS_TEXT = "the binary {what} was written as if it were text"
    SID_BASE64 = "base64 of the binary SID; the text form S-1-5-21-… is wanted"
    SID_HEX = "the binary SID in hexadecimal; the text form S-1-5-21-… is wanted"
    SID_TEXT_BASE64 = "base64 of the SID's text; the plain text is wanted"
    SID_IN_BRACES = "the SID in braces; the plain text is wanted"
    SID_LOWER_CASE = "the SID in lower case; it starts with a capital S"
    DOMAIN_SID = "the domain's SID without the computer's own number at the end"
    USERS_SID = "a user's SID ({account}); the computer's own objectSid is wanted"
    GROUPS_SID = "a group's SID ({account}); the computer's own objectSid is wanted"
    COMPUTERS_SID = "another computer's SID ({account}); the computer's own objectSid is wanted"
    SOMEBODYS_SID = "somebody else's SID ({account}); the computer's own objectSid is wanted"
    OTHER_SID = "the SID of another account of the same domain"
    OTHER_DOMAIN = "a SID of another domain"
    WRONG_CASE = "'{found}' in the wrong case; '{right}' is compared exactly"
    USER_TYPE = "the account type of a user, so that Entra looks for a user and finds none"
    WRONG_CONSTANT = "'{found}' is not the value Entra knows a computer by"
    SLASH = "it differs by the slash at the end"
    URI_CASE = "it differs in upper and lower case"
    URI_SCHEME = "it differs in http and https"
    URI_IN_NAME = (
        "the whole URI stands in AttributeName; split it at the last slash: '{name}' in the name, it should be "
        "'{namespace}'"
    )
    URI_IN_NAMESPACE = "the whole URI stands in AttributeNamespace; it should be '{namespace}'"
    NAMESPACE_SLASH = "the namespace ends with a slash; it should be '{namespace}'"
    NO_NAMESPACE = "the attribute has no namespace; it should be '{namespace}'"
    NAMESPACE_CASE = "the namespace '{found}' differs in case or white space; it should be '{namespace}'"
    WRONG_NAMESPACE = "wrong namespace '{found}'{odd}; it should be '{namespace}'"
    SPELLED = "the attribute is spelled '{found}' instead of '{name}'"
    ISSUED_TWICE = "the attribute is issued {count} times; a second rule or mapping has to go"
    SEVERAL_VALUES = "the attribute has {count} values; exactly one is wanted"
    NO_NAME_IDENTIFIER = "a statement's subject has no NameIdentifier"
    SUBJECTS_DIFFER = "the statements name different subjects"

    @property
    def shown(self) -> str:
        """The sentence with `…` where something is filled in."""
        return _BRACES.sub("…", self.value.replace("{odd}", ""))

    def said_by(self, words: str) -> bool:
        """Tell whether words may stand in this sentence, whatever is filled in, and hold some of its own.

        What is filled in alone names no mistake, as `alice`, unless it is a word of ours, as an attribute's name.
        """
        if "{" in self.value and any(words.lower() in filling.lower() for filling in _FILLINGS):
            return True
        own = max(_own_letters(_BRACES.split(self.value.lower()), words.lower()), default=0)
        return own >= min(_FEWEST_LETTERS, sum(map(str.isalpha, words)))


def _own_letters(parts: list[str], words: str) -> Iterator[int]:
    """Yield, for each way of laying words along a sentence, how many letters of it are the sentence's own.

    `parts` are the sentence's own texts; anything may stand between two of them.
    """
    marks: list[str | None] = [mark for part in parts for mark in (None, *part)][1:]
    # How many own letters are matched at best, for each mark of the sentence that comes next.
    reached: dict[int, int] = dict.fromkeys(range(len(marks) + 1), 0)
    for letter in words:
        after: dict[int, int] = {}
        for at, own in _past_gaps(reached, marks).items():
            if at < len(marks) and marks[at] is None:
                after[at] = max(after.get(at, 0), own)
            elif at < len(marks) and marks[at] == letter:
                after[at + 1] = max(after.get(at + 1, 0), own + letter.isalpha())
        reached = after
    yield from reached.values()


def _past_gaps(reached: dict[int, int], marks: list[str | None]) -> dict[int, int]:
    """Add the marks behind a gap: what is filled in may have ended, or not yet begun."""
    found = dict(reached)
    for at, own in sorted(reached.items()):
        if at < len(marks) and marks[at] is None:
            found[at + 1] = max(found.get(at + 1, 0), own)
    return found
