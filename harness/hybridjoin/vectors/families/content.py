"""What a good signature does not mend: time, audience, issuer, subject and form, each wrong in a signed assertion."""

from __future__ import annotations

from collections.abc import Iterator

from hybridjoin.vectors.dsig import sign
from hybridjoin.vectors.good import (
    AUDIENCE,
    BEGINS,
    CONDITIONS,
    ENDS,
    GOOD,
    GOOD_ID,
    ISSUED,
    ISSUER,
    SELF,
    SUBJECT,
    VICTIM,
    before,
    swap,
)
from hybridjoin.vectors.vector import MustSay, Result, Vector, vector

_WINDOW = f'NotBefore="{BEGINS}" NotOnOrAfter="{ENDS}"'
_CONDITION = (
    f"<saml:AudienceRestrictionCondition><saml:Audience>{AUDIENCE}</saml:Audience></saml:AudienceRestrictionCondition>"
)
_SUBJECT = SUBJECT.format(guid=SELF.guid_text)
_CONFIRMATION = _SUBJECT[_SUBJECT.index("<saml:SubjectConfirmation>") : -len("</saml:Subject>")]
_NOT_THE_DEVICES = frozenset({"claimed-elsewhere", "holder-of-key", "sender-vouches", "no-subject"})
_Row = tuple[str, str, str, str]


def vectors() -> Iterator[Vector]:
    """Yield the family."""
    for flag, rows in (
        ("Time", _times()),
        ("Time", _lacking()),
        ("Audience", _audiences()),
        ("Issuer", _issuers()),
        ("Form", _forms()),
    ):
        for name, words, old, new in rows:
            token = sign(swap(GOOD, old, new, times=GOOD.count(old)))
            # What only Entra decides: which realm a claim names, and how a bearer's subject is confirmed.
            device = MustSay.EITHER if name in _NOT_THE_DEVICES else None
            yield vector(f"{flag.lower()}-{name}", words, flag, token, device=device)
    yield from _edges()
    yield from _leniences()


def _window(begins: str, ends: str) -> str:
    return f'NotBefore="{begins}" NotOnOrAfter="{ends}"'


def _times() -> Iterator[_Row]:
    moved = (
        ("expired", "The window ended an hour ago.", "2026-01-15T10:00:00Z", "2026-01-15T11:00:00Z"),
        (
            "expired-beyond-skew",
            "The window ended five minutes and a second ago.",
            "2026-01-15T11:00:00Z",
            "2026-01-15T11:59:59Z",
        ),
        ("future", "The window begins in an hour.", "2026-01-15T13:05:00Z", "2026-01-15T14:05:00Z"),
        (
            "future-beyond-skew",
            "The window begins in five minutes and a second.",
            "2026-01-15T12:10:01Z",
            "2026-01-15T13:00:00Z",
        ),
        ("reversed", "The window ends before it begins.", ENDS, BEGINS),
        ("year-before", "The window was a year ago.", "2025-01-15T12:00:00Z", "2025-01-15T13:00:00Z"),
        (
            "other-zone",
            "The window ended: its times are of a zone five hours ahead.",
            "2026-01-15T12:00:00+05:00",
            "2026-01-15T13:00:00+05:00",
        ),
        ("unreadable", "The times are no xs:dateTime.", "today", "tomorrow"),
        ("empty", "The times are empty.", "", ""),
        ("date-only", "The times are dates.", "2026-01-15", "2026-01-16"),
        ("month-thirteen", "The window ends in a thirteenth month.", BEGINS, "2026-13-15T13:00:00Z"),
        (
            "arabic-digits",
            "The digits are Arabic-Indic ones, which no xs:dateTime has.",
            BEGINS,
            "٢٠٢٦-01-15T13:00:00Z",
        ),
        ("space", "The time has a blank for its T.", BEGINS, "2026-01-15 13:00:00Z"),
        ("lower-case", "T and Z are in lower case.", BEGINS, "2026-01-15t13:00:00z"),
    )
    for name, words, begins, ends in moved:
        yield name, words, _WINDOW, _window(begins, ends)


def _lacking() -> Iterator[_Row]:
    yield "no-end", "NotOnOrAfter is missing.", _WINDOW, f'NotBefore="{BEGINS}"'
    yield "no-beginning", "NotBefore is missing.", _WINDOW, f'NotOnOrAfter="{ENDS}"'
    yield "no-window", "Conditions has no times.", f" {_WINDOW}", ""
    yield "no-instant", "IssueInstant is missing.", f' IssueInstant="{ISSUED}"', ""
    yield "unreadable-instant", "IssueInstant is no xs:dateTime.", f'IssueInstant="{ISSUED}"', 'IssueInstant="now"'
    yield "no-conditions", "There are no Conditions.", CONDITIONS, ""


def _audiences() -> Iterator[_Row]:
    for name, words, value in (
        ("other", "The audience is another service's.", "urn:federation:SomebodyElse"),
        ("upper-case", "The audience is in upper case.", AUDIENCE.upper()),
        ("longer", "The audience begins as the right one.", f"{AUDIENCE}.evil.example"),
        ("embedded", "The right audience is a part of another one.", f"https://evil.example/?{AUDIENCE}"),
        ("homoglyph", "The audience has a Cyrillic letter.", AUDIENCE.replace("o", "\u043e", 1)),
        ("empty", "The audience is empty.", ""),
    ):
        yield name, words, f"<saml:Audience>{AUDIENCE}<", f"<saml:Audience>{value}<"
    other = _CONDITION.replace(AUDIENCE, "urn:federation:SomebodyElse")
    yield (
        "two-restrictions",
        "A second restriction names another service: all of them hold.",
        _CONDITION,
        _CONDITION + other,
    )
    yield (
        "in-advice",
        "The restriction stands in Advice.",
        f"{_CONDITION}</saml:Conditions>",
        (f"{other}</saml:Conditions><saml:Advice>{_CONDITION}</saml:Advice>"),
    )
    yield (
        "none-in-it",
        "The restriction names nobody.",
        _CONDITION,
        ("<saml:AudienceRestrictionCondition></saml:AudienceRestrictionCondition>"),
    )
    yield "in-a-comment", "The right audience stands in a comment.", f">{AUDIENCE}<", f">urn:x<!--{AUDIENCE}--><"


def _issuers() -> Iterator[_Row]:
    for name, words, value in (
        ("other", "The issuer is another identity provider.", "https://evil.example/trust"),
        ("slash", "The issuer differs by a slash at its end.", f"{ISSUER}/"),
        ("http", "The issuer says http for https.", ISSUER.replace("https", "http")),
        ("upper-case", "The issuer is in upper case.", ISSUER.upper()),
        ("longer", "The issuer begins as the right one.", f"{ISSUER}.evil.example"),
        (
            "userinfo",
            "The issuer has the right host for a user name.",
            "https://sts.vectors.example@evil.example/trust",
        ),
        ("homoglyph", "The issuer has a Cyrillic letter.", ISSUER.replace("a", "\u0430", 1)),
        ("blank", "The issuer has a blank at its end.", f"{ISSUER} "),
        ("empty", "The issuer is empty.", ""),
    ):
        yield name, words, f'Issuer="{ISSUER}"', f'Issuer="{value}"'
    yield "missing", "The issuer is missing.", f' Issuer="{ISSUER}"', ""
    yield (
        "in-a-namespace",
        "The issuer stands in an attribute of another namespace.",
        f'Issuer="{ISSUER}"',
        (f'xmlns:x="urn:example" x:Issuer="{ISSUER}"'),
    )
    yield (
        "claimed-elsewhere",
        "issuerid names another identity provider.",
        "</saml:AttributeStatement>",
        (
            '<saml:Attribute AttributeName="issuerid" AttributeNamespace="http://schemas.microsoft.com/ws/2008/06/identity/'
            'claims"><saml:AttributeValue>https://evil.example/trust</saml:AttributeValue></saml:Attribute>'
            "</saml:AttributeStatement>"
        ),
    )


def _forms() -> Iterator[_Row]:
    for version in ("1.0", "1.2", "2.0"):
        major, _, minor = version.partition(".")
        yield (
            f"version-{version}",
            f"The version is {version}.",
            'MajorVersion="1" MinorVersion="1"',
            (f'MajorVersion="{major}" MinorVersion="{minor}"'),
        )
    yield "no-minor-version", "MinorVersion is missing.", ' MinorVersion="1"', ""
    yield "holder-of-key", "The subjects are confirmed by holder-of-key.", "cm:bearer", "cm:holder-of-key"
    yield "sender-vouches", "The subjects are confirmed by sender-vouches.", "cm:bearer", "cm:sender-vouches"
    yield "no-subject", "No statement has a subject.", _SUBJECT, ""


_EDGES = (
    (
        "ended-within-skew",
        "The window ended 299 s ago.",
        "2026-01-15T11:00:00Z",
        "2026-01-15T12:00:01Z",
        Result.VALID,
    ),
    ("begins-within-skew", "The window begins in 299 s.", "2026-01-15T12:09:59Z", ENDS, Result.VALID),
    (
        "fraction",
        "The times have seven digits of a second.",
        "2026-01-15T12:00:00.1234567Z",
        "2026-01-15T13:00:00.0000000Z",
        Result.VALID,
    ),
    (
        "zone",
        "The times are of a zone two hours ahead.",
        "2026-01-15T14:00:00+02:00",
        "2026-01-15T15:00:00+02:00",
        Result.VALID,
    ),
    (
        "no-zone",
        "The times have no zone: SAML's are UTC.",
        "2026-01-15T12:00:00",
        "2026-01-15T13:00:00",
        Result.ACCEPTABLE,
    ),
    ("midnight-24", "The window ends at 24:00:00.", BEGINS, "2026-01-15T24:00:00Z", Result.ACCEPTABLE),
    ("year-9999", "The window ends in the last second of 9999.", BEGINS, "9999-12-31T23:59:59Z", Result.ACCEPTABLE),
    ("year-10000", "The window ends in the year 10000.", BEGINS, "10000-01-01T00:00:00Z", Result.ACCEPTABLE),
    ("leap-second", "The window ends in a leap second.", BEGINS, "2026-01-15T12:59:60Z", Result.ACCEPTABLE),
    ("blanks", "The times have blanks around them.", f" {BEGINS} ", f" {ENDS} ", Result.ACCEPTABLE),
)


def _edges() -> Iterator[Vector]:
    """Stay just inside five minutes of clock difference, and write times as few do."""
    for name, words, begins, ends, result in _EDGES:
        flag = "Unusual" if result is Result.VALID else "Time"
        yield vector(f"time-{name}", words, flag, sign(swap(GOOD, _WINDOW, _window(begins, ends))), result=result)


def _leniences() -> Iterator[Vector]:
    """What one of our readers, or both, let pass for a reason."""
    rows: tuple[tuple[str, str, str, str, MustSay, MustSay], ...] = (
        ("id-digit", "The AssertionID begins with a digit.", GOOD_ID, GOOD_ID[1:], MustSay.REFUSED, MustSay.EITHER),
        ("id-colon", "The AssertionID holds a colon.", GOOD_ID, f"uuid:{GOOD_ID}", MustSay.REFUSED, MustSay.EITHER),
        ("id-empty", "The AssertionID is empty.", GOOD_ID, "", MustSay.REFUSED, MustSay.REFUSED),
        ("two-subjects", "The statements are about two computers.", f"{_SUBJECT}</saml:Auth",
         f"{_SUBJECT.replace(SELF.guid_text, VICTIM.guid_text)}</saml:Auth", MustSay.REFUSED, MustSay.EITHER),
        ("no-audience", "There is no audience restriction.", _CONDITION, "", MustSay.EITHER, MustSay.REFUSED),
        ("two-audiences", "One restriction names another service and the right one: any of them will do.",
         f"<saml:Audience>{AUDIENCE}", f"<saml:Audience>urn:x</saml:Audience><saml:Audience>{AUDIENCE}",
         MustSay.ACCEPTED, MustSay.ACCEPTED),
        ("audience-blanks", "The audience has blanks around it.",
         f">{AUDIENCE}<", f">\n {AUDIENCE}\n <", MustSay.EITHER, MustSay.EITHER),
        ("conditions-twice", "There are two Conditions, the first is in order, the second long over.",
         CONDITIONS, CONDITIONS + CONDITIONS.replace("2026-", "2024-"), MustSay.EITHER, MustSay.EITHER),
        ("conditions-last", "Conditions stand behind the statements.", "", "", MustSay.REFUSED, MustSay.EITHER),
        ("condition-unknown", "There is a Condition that nobody knows: whether all hold is then not known.",
         "</saml:Conditions>", '<saml:Condition></saml:Condition></saml:Conditions>', MustSay.EITHER, MustSay.EITHER),
        ("one-time-use", "DoNotCacheCondition asks for one use.", "</saml:Conditions>",
         "<saml:DoNotCacheCondition></saml:DoNotCacheCondition></saml:Conditions>",
         MustSay.ACCEPTED, MustSay.ACCEPTED),
        ("confirmation-missing", "The subjects say nothing of their confirmation.", _CONFIRMATION, "",
         MustSay.ACCEPTED, MustSay.ACCEPTED),
        ("future-instant", "IssueInstant is a day ahead.",
         f'IssueInstant="{ISSUED}"', 'IssueInstant="2026-01-16T12:00:00Z"', MustSay.EITHER, MustSay.EITHER),
    )  # fmt: skip
    for name, words, old, new, device, entra in rows:
        text = _conditions_last() if name == "conditions-last" else swap(GOOD, old, new, times=GOOD.count(old))
        yield vector(f"lenient-{name}", words, "Form", sign(text), result=Result.ACCEPTABLE, device=device, entra=entra)


def _conditions_last() -> str:
    return before(swap(GOOD, CONDITIONS, ""), "</saml:Assertion>", CONDITIONS)
