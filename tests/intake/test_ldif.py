"""The entries of an LDIF file, held against what python-ldap writes."""

from __future__ import annotations

import io

import ldif
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.intake.ldif import read_entries

NAMES = st.from_regex(r"\A[a-zA-Z][a-zA-Z0-9-]{0,20}\Z").filter(lambda name: name.lower() not in {"dn", "version"})
ENTRY = st.dictionaries(NAMES, st.lists(st.binary(max_size=120), min_size=1, max_size=3), max_size=4)


def written(*entries: dict[str, list[bytes]]) -> str:
    file = io.StringIO()
    writer = ldif.LDIFWriter(file)
    for number, entry in enumerate(entries):
        writer.unparse(f"CN=Büro {number},DC=hybridjoin,DC=test", entry)
    return file.getvalue()


@given(st.lists(ENTRY, min_size=1, max_size=3))
def test_what_python_ldap_writes_is_read(entries: list[dict[str, list[bytes]]]) -> None:
    found = read_entries(written(*entries))

    assert [{name: list(values) for name, values in entry.attributes} for entry in found] == entries
    assert [entry.dn for entry in found] == [f"CN=Büro {number},DC=hybridjoin,DC=test" for number in range(len(found))]


@pytest.mark.parametrize(
    "text",
    [
        "version: 1\n\ndn: CN=x\ncn: one\n  two\n",
        "# remark\n#  of a tool\nversion: 1\ndn: CN=x\n# within\n#  folded\ncn: one t\n wo\n",
        "dn: CN=x\r\ncn: one\r\n  two\r\n\r\n# search result\r\nsearch: 2\r\nresult: 0 Success\r\n",
        "DN:: Q049eA==\ncn:one two\nurl:< file:///etc/hostname",
    ],
    ids=["version", "remarks", "ldapsearch, from Windows", "base64 and a URL"],
)
def test_what_tools_write_around_an_entry_is_passed_over(text: str) -> None:
    (entry,) = read_entries(text)

    assert (entry.dn, entry.values("cn"), entry.values("url")) == ("CN=x", (b"one two",), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello: world\n", "begins with dn:, found 'hello: world'"),
        ("dn: CN=x\nno attribute\n", "`attribute: value`, found 'no attribute'"),
        ("dn: CN=x\ncn:: ???\n", "base64"),
        ("dn: CN=x\ncn: y\n\ndn: CN=z\nbroken\n", "found 'broken'"),
    ],
)
def test_what_is_no_entry_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_entries(text)


def test_nothing_holds_no_entry() -> None:
    assert read_entries("\n# only words\n") == ()
