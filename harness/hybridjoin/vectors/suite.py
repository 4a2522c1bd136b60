"""Makes the files: every vector of every family, numbered and grouped, the same octets on every machine."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from hybridjoin.vectors import keys
from hybridjoin.vectors.families import (
    algorithms,
    content,
    documents,
    envelope,
    key_info,
    reading,
    references,
    transforms,
    usual,
    wrapping,
)
from hybridjoin.vectors.good import AUDIENCE, CLOCK, ISSUER, SELF, SKEW_S, VICTIM, Speaker
from hybridjoin.vectors.message import MESSAGE_ID, Version
from hybridjoin.vectors.notes import NOTES
from hybridjoin.vectors.vector import Vector

SCHEMA = "vectors.schema.json"
FORMAT = "hybridjoin-vectors/1"
_FAMILIES = {
    "usual": (usual, "What has to be accepted."),
    "wrapping": (wrapping, "Signature wrapping: the signed original hides, an evil twin is the token."),
    "reading": (
        reading,
        "Read otherwise than signed: split values, doubled digests, names bound anew.",
    ),
    "references": (references, "What a signature refers to, and how many there are."),
    "transforms": (transforms, "Canonicalizations and transforms."),
    "algorithms": (algorithms, "Algorithms, the form of SignatureValue, and what was changed after signing."),
    "key-info": (key_info, "Keys that KeyInfo names."),
    "content": (content, "Time, audience, issuer, subject and form of a well-signed assertion."),
    "documents": (documents, "DTDs, encodings, broken documents, and what costs."),
    "envelope": (envelope, "The response around the token."),
}
_HEADER = (
    "SAML 1.1 assertions in WS-Trust token responses, as an identity provider would answer a computer.",
    "The keys are throw-away test keys: made for these vectors, published with them, good for nothing else.",
    "A receiver knows its group's certificate, clock, issuer and audience, and judges the whole message.",
    "claims are what a receiver that accepts has to have read; whoever reads others has missed the attack.",
)


def family(name: str) -> tuple[Vector, ...]:
    """Return the vectors of a family in their order.

    Raises:
        ValueError: Two of them have one name, or one bears a flag that has no note.
    """
    made = tuple(_FAMILIES[name][0].vectors())
    names = [item.name for item in made]
    if len(set(names)) != len(names):
        twice = sorted({item for item in names if names.count(item) > 1})
        raise ValueError(f"{name}: expected every name once, found {', '.join(twice)} twice")
    unknown = {flag for item in made for flag in item.flags} - NOTES.keys()
    if unknown:
        raise ValueError(f"{name}: expected flags that have a note, found {', '.join(sorted(unknown))}")
    return made


def documents_by_name() -> Iterator[tuple[str, bytes]]:
    """Yield every file's name and octets."""
    for name in _FAMILIES:
        yield f"saml11_rstr_{name.replace('-', '_')}.json", _written(_document(name))


def _written(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=True) + "\n").encode("ascii")


def _document(name: str) -> Mapping[str, Any]:
    made = family(name)
    flags = sorted({flag for item in made for flag in item.flags})
    numbered = list(enumerate(made, start=1))
    ordered = sorted(numbered, key=lambda pair: list(Version).index(pair[1].version))
    return {
        "schema": SCHEMA,
        "format": FORMAT,
        "family": name,
        "title": _FAMILIES[name][1],
        "header": list(_HEADER),
        "numberOfTests": len(made),
        "notes": {flag: _note(flag) for flag in flags},
        "testGroups": [_group(version, pairs) for version, pairs in groupby(ordered, key=lambda pair: pair[1].version)],
    }


def _note(flag: str) -> Mapping[str, Any]:
    note = NOTES[flag]
    return {
        "bugType": note.kind,
        "description": note.description,
        "effect": note.effect,
        "links": list(note.links),
        **({"cves": list(note.cves)} if note.cves else {}),
    }


def _group(version: Version, pairs: Iterable[tuple[int, Vector]]) -> Mapping[str, Any]:
    return {
        "type": "Saml11InRstrVerify",
        "trust": version.value,
        "certificate": keys.base64_der(keys.TRUSTED),
        "privateKeyPem": keys.private_pem(keys.TRUSTED),
        "clock": CLOCK,
        "skewSeconds": SKEW_S,
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "messageId": MESSAGE_ID,
        "computers": [_computer(item) for item in (SELF, VICTIM)],
        "tests": [_test(number, item) for number, item in pairs],
    }


def _computer(speaker: Speaker) -> Mapping[str, str]:
    return {"name": speaker.name, "objectGUID": str(speaker.object_guid), "objectSid": speaker.sid}


def _test(number: int, item: Vector) -> Mapping[str, Any]:
    return {
        "tcId": number,
        "name": item.name,
        "comment": item.comment,
        "flags": list(item.flags),
        "message": base64.b64encode(item.body).decode("ascii"),
        "sha256": hashlib.sha256(item.body).hexdigest(),
        "result": item.result.value,
        **({"claims": dict(item.claims)} if item.claims else {}),
        "hybridjoin": {"device": item.device.value, "entra": item.entra.value},
    }
