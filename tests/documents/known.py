"""Real documents that public test suites hold, by their SHA-256: which shape of ours has the same list as each.

None of them is in this repository, for they are not ours. Whoever has them names the folder in HYBRIDJOIN_CORPUS, or
several as in PATH; a folder `shared/corpus` beside the checkout is found without it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "HYBRIDJOIN_CORPUS"
_BESIDE = Path(__file__).parents[3] / "shared" / "corpus"
_SUFFIXES = {".xml", ".txt", ".b64"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A real document: the first sixteen digits of its SHA-256, where it is published, and the shape that it has."""

    digest: str
    source: str
    shape: str


def _rows(shape: str, *rows: tuple[str, str]) -> list[Known]:
    return [Known(digest=digest, source=source, shape=shape) for digest, source in rows]


_BOTH, _OLD = "2012 R2, both versions", "February 2005 alone for Windows"
_NODE, _ACCOUNT = "the SPN of a node", "the service account's user name"
METADATA: tuple[Known, ...] = (
    *_rows(
        _BOTH,
        ("bcbf945c19cc25a5", "ADAL and MSAL for Python, archan.us.mex.xml"),
        ("157228e2fc82089c", "ADAL for Ruby, only_13.xml: usernamemixed of February 2005 taken out"),
        ("db55737f59670e39", "ADAL for Ruby, only_2005.xml: usernamemixed of 1.3 taken out"),
    ),
    *_rows(
        _OLD,
        ("afffb101bb79919f", "ADAL and MSAL for Python, arupela.mex.xml"),
        ("6c7f99363fd8023c", "ADAL and MSAL for .NET, TestMex2005.xml"),
        ("84d2744a5355c8c5", "ADAL for Python, usystech.mex.xml"),
    ),
    *_rows(
        _NODE,
        ("8bf35ba7ac5229e8", "ADAL and MSAL for .NET, TestMex.xml"),
        ("18b7033924f60e56", "ADAL and MSAL for Java, mex-response-integrated.xml"),
        ("30db8fcd7b9c3092", "ADAL and MSAL for Java, mex-response.xml"),
    ),
    *_rows(
        "the SPN of a node, in an envelope of another namespace",
        ("182ed452f5f3349d", "MSAL for .NET, TestMex3rdParty.xml"),
    ),
    *_rows("1.3 without its policies", ("8c72a613ebe6731d", "ADAL and MSAL for Java, mex-2005-response.xml")),
    *_rows(
        _ACCOUNT,
        ("d1d4ab7c87b4a44a", "ADAL for Python, common.mex.xml"),
        ("7832ad52273b2d48", "ADAL and MSAL for Python, microsoft.mex.xml"),
        ("a49f123e9dc1bae8", "ADAL for Ruby, microsoft.xml"),
    ),
)
REPLIES: tuple[Known, ...] = (
    *_rows(
        "1.3, SHA-1, no RelatesTo",
        ("4bf796154fc91db5", "ADAL for Python, common.rstr.xml"),
        ("60069a5b8e6808f6", "ADAL for Ruby, wstrust.13.xml"),
    ),
    *_rows("a bare assertion in base64", ("9a8933c1bd115d5c", "ADAL for Python, common.base64.encoded.assertion.txt")),
    *_rows("1.3, SHA-1, for Entra's older name, indented", ("ff9239a4104d5dd8", "ADAL for Node and Python, RSTR.xml")),
    *_rows(
        "2005, SHA-1, indented",
        ("aaa20b1695060b6b", "ADAL for Node, RSTR2005.xml"),
        ("2bddd5c7a55d1379", "ADAL for Ruby, wstrust.2005.xml"),
    ),
    *_rows(
        "2005, SHA-256, a personnel number, masked", ("1b19c04480a975b0", "ADAL and MSAL for .NET, WsTrustResponse.xml")
    ),
    *_rows(
        "1.3 with the Action of 2005, SHA-256, a personnel number, masked",
        ("136340ce3196066f", "ADAL for .NET, WsTrustResponse13.xml"),
        ("8f3f12251583ca2a", "MSAL for .NET, WsTrustResponse13.xml"),
    ),
    *_rows(
        "1.3, SHA-1, a personnel number, masked and indented",
        ("6f4130c4dbf1d267", "ADAL and MSAL for Java, token.xml"),
        ("fca58002beb1eaf1", "ADAL for Ruby, success.xml"),
    ),
)
BROKEN: tuple[Known, ...] = (
    *_rows(
        "a port with an http address before the good one",
        ("1113b7c037cdaf07", "ADAL for Python, address.insecure.xml"),
        ("e141816c8a4f8fef", "ADAL for Ruby, insecureaddress.xml"),
    ),
    *_rows("a port without an address", ("018973ee8755c410", "ADAL for Python, noaddress.xml")),
    *_rows("a port without a binding", ("d0ece9cc095ab844", "ADAL for Python, nobinding.port.xml")),
    *_rows("a second binding without a name", ("ca8515648e506935", "ADAL for Python, noname.binding.xml")),
    *_rows("a binding without soapAction", ("94230f5c8139c62f", "ADAL for Python, nosoapaction.xml")),
    *_rows("a binding without transport", ("74068c6dc4d6c63a", "ADAL for Python, nosoaptransport.xml")),
    *_rows("a policy reference without URI", ("12782ca721177e41", "ADAL for Python, nouri.ref.xml")),
    *_rows(
        "no XML",
        ("1e499563e0f2b8e2", "ADAL for Python, syntax.notrelated.mex.xml"),
        ("d877c1b3aca779dc", "ADAL for Python, syntax.related.mex.xml"),
    ),
    *_rows("another namespace than WSDL's", ("393904df14c9ddb8", "ADAL for Ruby, invalid_namespaces.xml")),
    *_rows("two ports for user name and password", ("ec6f4f4de1d1176a", "ADAL for Ruby, multiple_endpoints.xml")),
    *_rows("no reference to a policy that is there", ("5050b070549b8d83", "ADAL for Ruby, no_matching_bindings.xml")),
    *_rows("no form of UsernameToken", ("406df722f0a1a29c", "ADAL for Ruby, no_username_token_policies.xml")),
)
BY_DIGEST = {item.digest: item for item in (*METADATA, *REPLIES, *BROKEN)}


def folders() -> list[Path]:
    """The folders with real documents: those that the variable names, else the one beside the checkout."""
    named = [Path(item) for item in os.environ.get(VARIABLE, "").split(os.pathsep) if item]
    return named or [item for item in (_BESIDE,) if item.is_dir()]


def documents() -> Iterator[tuple[Path, str]]:
    """Yield the documents of the folders, each with its digest."""
    for folder in folders():
        for path in sorted(item for item in folder.iterdir() if item.suffix in _SUFFIXES):
            yield path, hashlib.sha256(path.read_bytes()).hexdigest()[:16]
