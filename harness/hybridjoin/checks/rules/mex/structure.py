"""The metadata as a document that holds together: names given once, references that lead somewhere, addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hybridjoin.checks.places import in_metadata
from hybridjoin.checks.requirement import Finding, expect, requirement
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol.mex import Binding, Credential, MexDocument, MexEndpoint, Policy, Port


def at(item: Port | Binding | MexEndpoint | Policy) -> Where:
    """Return where in the document something stands."""
    match item:
        case Policy():
            return in_metadata("wsp:Policy", label=item.id, line=item.line)
        case Binding():
            return in_metadata("wsdl:binding", label=item.name, line=item.line)
        case Port():
            return in_metadata("wsdl:port", label=item.name, line=item.line)
        case MexEndpoint():
            return in_metadata("wsdl:port", label=item.port, line=item.line)


def at_ports(document: MexDocument) -> Where:
    """Return where the ports stand, or should."""
    return in_metadata("wsdl:service" if document.ports else "wsdl:definitions")


def without_address(document: MexDocument) -> list[Port]:
    """Return the ports that nobody can call."""
    return [item for item in document.ports if item.address is None and item.epr_address is None]


def lost_policies(document: MexDocument) -> list[tuple[Binding | Port, str]]:
    """Return the references that lead to no policy of the document, each with where it stands."""
    known = {f"#{item.id}" for item in document.policies}
    places: tuple[Binding | Port, ...] = (*document.bindings, *document.ports)
    return [(item, uri) for item in places for uri in item.policies if uri not in known]


def _twins(items: Sequence[Policy | Binding], names: Sequence[str]) -> tuple[str, Where | None]:
    """Return the names that are given more than once, and where the first of them is given again."""
    twins = sorted(name for name, count in Counter(names).items() if count > 1)
    again = [item for item, name in zip(items, names, strict=True) if name in twins[:1]]
    return ", ".join(twins), at(again[1]) if again else None


@requirement(
    "MEX-07", Level.MUST, "WSP15 4.2", remedy="Give each policy its own wsu:Id; MSAL stops at a twin.", verified=True
)
def policy_ids_are_unique(document: MexDocument) -> Finding:
    """No two policies of the document carry the same id."""
    twins, where = _twins(document.policies, [item.id for item in document.policies])
    found = twins or "no twins"
    return expect(not twins, expected="one policy for each id", found=found, where=where or in_metadata())


@requirement(
    "MEX-37",
    Level.SHOULD,
    "MSAL4J MexParser",
    remedy='Write each policy\'s id as wsu:Id="…", with that very prefix for the utility namespace of WS-Security.',
    verified=True,
)
def policy_ids_are_spelt_with_wsu(document: MexDocument) -> Finding:
    """Policies for tickets and passwords spell their id wsu:Id: MSAL for Java looks for that name, prefix included."""
    kinds = {Credential.WINDOWS, Credential.USERNAME}
    policies = [item for item in document.policies if kinds & set(item.credentials)]
    odd = [item for item in policies if item.id_name != "wsu:Id"]
    where = at((odd or policies)[0]) if policies else in_metadata()
    found = ", ".join(sorted({item.id_name for item in odd})) or "wsu:Id"
    return expect(not odd, expected="wsu:Id", found=found, where=where)


@requirement(
    "MEX-08", Level.MUST, "WSDL11 2.5", remedy="Give each binding its own name; MSAL stops at a twin.", verified=True
)
def binding_names_are_unique(document: MexDocument) -> Finding:
    """No two bindings of the document carry the same name."""
    twins, where = _twins(document.bindings, [item.name for item in document.bindings])
    found = twins or "no twins"
    return expect(not twins, expected="one binding for each name", found=found, where=where or in_metadata())


@requirement(
    "MEX-09",
    Level.SHOULD,
    "MSAL ReadPolicyBindings",
    remedy="Let each PolicyReference point at the wsu:Id of a policy.",
    verified=True,
)
def policy_references_resolve(document: MexDocument) -> Finding:
    """Every policy that a binding or port refers to is in the document."""
    lost = lost_policies(document)
    where = at(lost[0][0]) if lost else in_metadata()
    words = ", ".join(uri or "an empty URI" for _, uri in lost) or "all resolve"
    return expect(not lost, expected="references to policies of this document", found=words, where=where)


@requirement(
    "MEX-10",
    Level.SHOULD,
    "WSDL11 2.6",
    remedy="Let each port's binding attribute name a wsdl:binding of this document, in its namespace.",
    verified=True,
)
def ports_name_existing_bindings(document: MexDocument) -> Finding:
    """Every port names a binding that the document defines."""
    lost = [item for item in document.ports if document.binding_of(item) is None]
    where = at(lost[0]) if lost else at_ports(document)
    words = ", ".join(item.binding or "no binding" for item in lost) or "all are defined"
    return expect(not lost, expected="the name of a wsdl:binding", found=words, where=where)


@requirement(
    "MEX-33", Level.SHOULD, "WSDL11 3.8", remedy="Write a soap12:address with its URL into each port.", verified=True
)
def ports_have_an_address(document: MexDocument) -> Finding:
    """Every port has an address, without which no client can call it."""
    lost = without_address(document)
    where = at(lost[0]) if lost else at_ports(document)
    found = ", ".join(item.name for item in lost) + " without one" if lost else "all have one"
    return expect(not lost, expected="soap12:address, location", found=found, where=where)
