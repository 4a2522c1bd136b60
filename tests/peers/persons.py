"""What a client that signs a person in is held to: the token says who, of which tenant, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.tokens import BadToken, verify
from hybridjoin.model.site import Site

AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
GRAPH = "https://graph.microsoft.com"
SHAPES: Mapping[str, Mapping[str, object]] = {
    "as PingOne": {"profile": "pingone"},
    "as AD FS": {"profile": "adfs"},
    "as AD FS of February 2005": {"profile": "adfs", "trust_versions": ["2005"]},
}
"""The reference identity provider's shapes that a person signs in at."""


def faults_of_token(token: str, site: Site, user: str, *, methods: list[str]) -> Iterator[str]:
    """Say where an access token is not the one that this person has to get."""
    try:
        claims = verify(token, process_authority().token_key.public_key())
    except BadToken as error:
        yield f"no token of the tenant's: {error}"
        return
    wanted = {"upn": user, "tid": site.entra.tenant_id, "amr": methods}
    for name, value in wanted.items():
        if claims.get(name) != value:
            yield f"the token's {name} is {claims.get(name)}, expected {value}"
