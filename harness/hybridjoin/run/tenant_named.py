"""Whether a site file's Entra double stands for the tenant that the forest really names.

The double knows what the file says and nothing else. Where the forest's service connection point names another domain
or tenant, the double would call it unknown, and a requirement would be held against somebody who broke none.
"""

from __future__ import annotations

from collections.abc import Iterator

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.site import Site, TenantDouble
from hybridjoin.protocol.scp import Scp
from hybridjoin.scenario.tenant_domains import is_initial


def demand_the_tenant_named(site: Site, evidence: JoinEvidence | None) -> None:
    """Go on only where a double knows the domain and the tenant id that the join read in the forest.

    What a scenario has put into the computer's registry is its own wish, and is let through.

    Raises:
        UsageError: it does not: a mistake of the site file, at its line.
    """
    found = evidence.scp if evidence is not None else None
    if site.entra.double is None or found is None or found.client_side:
        return
    mistakes = tuple(_mistakes(site, site.entra.double, found))
    if mistakes:
        raise UsageError(*mistakes)


def _mistakes(site: Site, double: TenantDouble, found: Scp) -> Iterator[Mistake]:
    if found.tenant_name.lower() not in double.domains:
        yield Mistake(
            place=double.domain_place,
            problem=f"expected azureADName of the forest's service connection point, '{found.tenant_name}', among the "
            f"domains that the Entra double knows, found {' and '.join(double.domains)}",
            hint=_hint(found.tenant_name, double),
        )
    if found.tenant_id.lower() != site.entra.tenant_id.lower():
        yield Mistake(
            place=double.tenant_id_place,
            problem=f"expected azureADId of the forest's service connection point, '{found.tenant_id}', as the tenant "
            f"of the Entra double, found '{site.entra.tenant_id}'",
            hint="write it as entra.tenant_id, or correct the service connection point",
        )


def _hint(name: str, double: TenantDouble) -> str:
    """Say what to write: an initial domain is managed, so that computers that ask for it never come to the IdP."""
    if is_initial(name):
        federated = f"write entra.tenant_name: {name} and entra.double.domain: {double.domains[0]}"
        return f"a tenant's initial domain is managed; {federated}, or correct the service connection point"
    return f"write entra.double.domain: {name}, or correct the service connection point"
