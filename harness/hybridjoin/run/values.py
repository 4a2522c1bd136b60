"""What the variables of a scenario stand for in one join: read from the live directory and the site."""

from __future__ import annotations

from hybridjoin.model.site import Site
from hybridjoin.protocol.computer import Computer
from hybridjoin.scenario.variables import Value


def live_values(computer: Computer | None, site: Site) -> dict[str, Value]:
    """Return the variables that have a value; what the directory does not hold is not among them."""
    directory = site.directory
    values: dict[str, Value | None] = {
        "site.name": site.name,
        "site.issuer": site.idp.issuer,
        "site.domain": directory.domain,
        "site.realm": directory.realm,
        "site.netbios": directory.netbios,
        "site.forest": directory.forest,
        "site.domain_controller": directory.domain_controller,
        "site.tenant_id": site.entra.tenant_id,
        "site.tenant_name": site.entra.tenant_name,
    }
    if computer is not None:
        values |= {
            "device.name": computer.name,
            "device.objectGUID": computer.object_guid,
            "device.objectSid": computer.object_sid,
            "device.mS-DS-ConsistencyGuid": computer.consistency_guid,
            "device.sAMAccountName": computer.sam_account_name,
            "device.dNSHostName": computer.dns_host_name or None,
            "device.userPrincipalName": computer.user_principal_name or None,
            "device.distinguishedName": computer.dn,
        }
    return {name: value for name, value in values.items() if value is not None}
