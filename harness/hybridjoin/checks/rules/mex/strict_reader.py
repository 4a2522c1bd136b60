"""An independent witness: zeep reads the same WSDL strictly.

zeep is fed from memory. Metadata imports schemas by URLs that nobody promises to serve, so each xsd:import is answered
with an empty schema of that import's own namespace, and the types and elements that messages name are declared on it.
"""

from __future__ import annotations

import logging
import threading
import warnings
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import urljoin
from xml.sax.saxutils import quoteattr

from lxml import etree

from hybridjoin.checks.places import in_metadata
from hybridjoin.checks.requirement import Finding, broken, holds, requirement
from hybridjoin.errors import PeerError
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import limits, names, wsdl, xml
from hybridjoin.protocol.mex import MexDocument
from hybridjoin.protocol.xml import Element

_XSD = "http://www.w3.org/2001/XMLSchema"
_IMPORT = xml.name(_XSD, "import")
_SCHEMA = xml.name(_XSD, "schema")
_ATTRIBUTE_GROUP = xml.name(_XSD, "attributeGroup")
_PART = xml.name(names.WSDL, "part")
_BASE = "https://metadata.invalid/"
_REFUSALS = (
    etree.LxmlError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,  # raised by zeep for a binding over no HTTP, and an include of nothing
    RecursionError,
    TypeError,
    ValueError,
)
_NEEDED = (("message", "name"), ("binding", "name"), ("binding", "type"), ("port", "name"), ("port", "binding"))
_ONE_AT_A_TIME = threading.Lock()  # what zeep passes over it tells by warnings, and their filters are the process's own

logging.getLogger("zeep").addHandler(logging.NullHandler())  # its remarks are not for the user's terminal


class _Memory:
    """What zeep takes for its transport: it knows the schemas that the document imports, and no wire."""

    def __init__(self, schemas: dict[str, bytes]) -> None:
        self._schemas = schemas

    def load(self, url: str) -> bytes:
        """Answer an import; a document that nobody described is not there."""
        if url not in self._schemas:
            raise LookupError(f"the metadata is not complete: it imports {url}")
        return self._schemas[url]


@requirement(
    "MEX-20",
    Level.SHOULD,
    "WSDL11 2.1",
    remedy="Let the metadata define every message, portType, binding and schema namespace it refers to.",
    verified=True,
)
def strict_reader_loads_the_wsdl(document: MexDocument) -> Finding:
    """A strict WSDL reader that knows nothing of WS-Trust loads the document and finds its ports."""
    where = in_metadata("wsdl:definitions", reader="zeep")
    problem, ports = _load(document.body)
    if problem:
        return broken(expected="a WSDL document that stands on its own", found=problem, where=where)
    return holds(f"{ports} port(s)", where=where)


@lru_cache(maxsize=64)
def _load(body: bytes) -> tuple[str, int]:
    """Load the WSDL in zeep; the words of its refusal, and the number of ports it found."""
    # Imported with the first document: it takes a quarter of a second, and whoever asks what a code means has none.
    from zeep.exceptions import Error as ZeepError  # noqa: PLC0415
    from zeep.settings import Settings  # noqa: PLC0415
    from zeep.wsdl import Document  # noqa: PLC0415

    strict = Settings(strict=True, forbid_external=False, force_https=False)
    root = xml.parse(body, where="MEX")
    definitions = _main_definitions(root)
    try:
        _hold_limits(definitions)
    except PeerError as error:
        return error.problem, 0
    memory: Any = _Memory(_schemas(definitions))
    with _ONE_AT_A_TIME, warnings.catch_warnings(record=True) as leniencies:
        warnings.simplefilter("always")
        try:
            document = Document(BytesIO(etree.tostring(definitions)), memory, base=_BASE, settings=strict)
        except (ZeepError, *_REFUSALS) as error:
            return _lacking(definitions) or _one_line(f"{type(error).__name__}: {error}"), 0
    passed_over = dict.fromkeys(str(item.message) for item in leniencies if "zeep" in item.filename)
    ports = sum(len(service.ports) for service in document.services.values())
    return _one_line("; ".join(passed_over)), ports


def _hold_limits(definitions: Element) -> None:
    """Keep from zeep what it would not come to an end with: it resolves attributeGroups anew for each reference."""
    imports = sum(1 for _ in definitions.iter(_IMPORT))
    limits.SCHEMAS.hold(imports + sum(1 for _ in definitions.iter(_SCHEMA)), where="MEX")
    limits.IMPORTS_BY_PARTS.hold(imports * sum(1 for _ in definitions.iter(_PART)), where="MEX")
    groups = sum(1 for item in definitions.iter(_ATTRIBUTE_GROUP) if item.get("ref") is not None)
    limits.ATTRIBUTE_GROUPS.hold(groups, where="MEX")


def _lacking(definitions: Element) -> str:
    """Say which elements lack an attribute of WSDL's own, over which zeep stumbles in words of its inside."""
    lacking = [
        f"wsdl:{local} without {attribute} in line {item.sourceline}"
        for local, attribute in _NEEDED
        for item in definitions.iter(xml.name(names.WSDL, local))
        if item.get(attribute) is None
    ]
    return ", ".join(lacking)


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _main_definitions(root: Element) -> Element:
    """Choose the definitions that hold the service, the first where none does."""
    found = list(root.iter(wsdl.DEFINITIONS))
    return next((item for item in found if xml.first(item, xml.name(names.WSDL, "service")) is not None), found[0])


def _joined(location: str) -> str:
    """Return where an import leads, as zeep finds it; one that leads nowhere as it stands, for zeep to refuse."""
    try:
        return urljoin(_BASE, location)
    except ValueError:
        return location


def _schemas(definitions: Element) -> dict[str, bytes]:
    """Write a schema for each xsd:import, in the import's own namespace, with the elements that messages name."""
    parts = definitions.iter(_PART)
    named = {xml.resolve_qname(item, item.get("element", "")) for item in parts if item.get("element")}
    answers = {}
    for item in definitions.iter(_IMPORT):
        location, space = item.get("schemaLocation"), item.get("namespace", "")
        if location is None:
            continue
        address = _joined(location)
        elements = "".join(f"<xsd:element name={quoteattr(local)}/>" for at, local in sorted(named) if at == space)
        target = f" targetNamespace={quoteattr(space)}" if space else ""
        answers[address] = f'<xsd:schema xmlns:xsd="{_XSD}"{target}>{elements}</xsd:schema>'.encode()
    return answers
