"""The metadata as a document that holds together: names given once, references that lead somewhere, addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from hybridjoin.checks.readings import mex_of
from hybridjoin.checks.requirement import Finding, expect, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.mex import Binding, MexDocument, MexEndpoint, Port


def at(item: Port | Binding | MexEndpoint) -> str:
    """Return where in the document something stands."""
    label = item.port if isinstance(item, MexEndpoint) else item.name
    return f"MEX, {label} (line {item.line})"


def without_address(document: MexDocument) -> list[Port]:
    """Return the ports that nobody can call."""
    return [item for item in document.ports if item.address is None and item.epr_address is None]


def lost_policies(document: MexDocument) -> list[tuple[Binding | Port, str]]:
    """Return the references that lead to no policy of the document, each with where it stands."""
    known = {f"#{item.id}" for item in document.policies}
    places: tuple[Binding | Port, ...] = (*document.bindings, *document.ports)
    return [(item, uri) for item in places for uri in item.policies if uri not in known]


def _twins(values: Iterable[str]) -> str:
    return ", ".join(sorted(value for value, count in Counter(values).items() if count > 1))


@requirement(
    "MEX-07", Level.MUST, "WSP15 4.2", remedy="Give each policy its own wsu:Id; MSAL stops at a twin.", verified=True
)
def policy_ids_are_unique(evidence: JoinEvidence) -> Finding:
    """No two policies of the document carry the same id."""
    twins = _twins(item.id for item in mex_of(evidence).policies)
    return expect(not twins, expected="one policy for each id", found=twins or "no twins", where="MEX, wsp:Policy")


@requirement(
    "MEX-08", Level.MUST, "WSDL11 2.5", remedy="Give each binding its own name; MSAL stops at a twin.", verified=True
)
def binding_names_are_unique(evidence: JoinEvidence) -> Finding:
    """No two bindings of the document carry the same name."""
    twins = _twins(item.name for item in mex_of(evidence).bindings)
    return expect(not twins, expected="one binding for each name", found=twins or "no twins", where="MEX, wsdl:binding")


@requirement(
    "MEX-09",
    Level.MUST,
    "MSAL ReadPolicyBindings",
    remedy="Let each PolicyReference point at the wsu:Id of a policy.",
    verified=True,
)
def policy_references_resolve(evidence: JoinEvidence) -> Finding:
    """Every policy that a binding or port refers to is in the document."""
    lost = lost_policies(mex_of(evidence))
    where = at(lost[0][0]) if lost else "MEX, wsp:PolicyReference"
    words = ", ".join(uri or "an empty URI" for _, uri in lost) or "all resolve"
    return expect(not lost, expected="references to policies of this document", found=words, where=where)


@requirement(
    "MEX-10",
    Level.MUST,
    "WSDL11 2.6",
    remedy="Let each port's binding attribute name a wsdl:binding of this document, in its namespace.",
    verified=True,
)
def ports_name_existing_bindings(evidence: JoinEvidence) -> Finding:
    """Every port names a binding that the document defines."""
    document = mex_of(evidence)
    lost = [item for item in document.ports if document.binding_of(item) is None]
    where = at(lost[0]) if lost else "MEX, wsdl:port"
    words = ", ".join(item.binding or "no binding" for item in lost) or "all are defined"
    return expect(not lost, expected="the name of a wsdl:binding", found=words, where=where)


@requirement(
    "MEX-33", Level.MUST, "WSDL11 3.8", remedy="Write a soap12:address with its URL into each port.", verified=True
)
def ports_have_an_address(evidence: JoinEvidence) -> Finding:
    """Every port has an address, without which no client can call it."""
    document = mex_of(evidence)
    lost = without_address(document)
    where = at(lost[0]) if lost else "MEX, wsdl:port"
    found = ", ".join(item.name for item in lost) + " without one" if lost else "all have one"
    return expect(not lost, expected="soap12:address, location", found=found, where=where)
