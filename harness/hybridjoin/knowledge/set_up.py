"""What goes wrong while a domain is being federated: Graph's refusals, and domains that come out half done."""

from __future__ import annotations

from hybridjoin.knowledge.article import Article, ArticleKind, Cause, cause
from hybridjoin.model.verdict import Certainty

_UPDATE = "Update-MgDomainFederationConfiguration -DomainId <domain> -InternalDomainFederationId <Id>"
_NEW = "New-MgDomainFederationConfiguration"
_DOCUMENTED, _SEEN = Certainty.DOCUMENTED, Certainty.OBSERVED
_REPORTS = "public reports in the issues of Microsoft Graph's documentation and of its PowerShell module"
_GRAPH = "Microsoft Graph: Create internalDomainFederation"

NO_CERTIFICATE = cause(
    "The domain was federated by a command without SigningCertificate: Graph answers with a failure (500), and "
    "federates the domain all the same; its configuration can then be neither read, changed nor removed.",
    "Get-MgDomain says Federated, Get-MgDomainFederationConfiguration -DomainId <domain> shows nothing. `hybridjoin "
    "federation` finds the missing certificate in a vendor's commands before they are run.",
    f"Remove the domain from the tenant, add and verify it again, then run {_NEW} with -SigningCertificate.",
    checks="FED-28?",
    related="FED-09",
)
_TAKEN = cause(
    "Another domain of the tenant has the same issuerUri: it has to be unique in the tenant.",
    "Get-MgDomain, then Get-MgDomainFederationConfiguration for each federated domain: compare IssuerUri.",
    "Give each domain an IssuerUri of its own, and let the IdP issue issuerid (or its Issuer) by the user's domain.",
    checks="FED-21?",
    adfs="issuerid by the UPN's suffix: http://<domain>/adfs/services/trust/, subdomains as their parent.",
)
_TWICE = cause(
    "The domain is federated already, and the command creates a configuration instead of changing it.",
    "Get-MgDomain | Select Id, AuthenticationType says Federated.",
    f"{_UPDATE} …; or make the domain managed first: Update-MgDomain -DomainId <domain> -AuthenticationType Managed.",
)
_ADDRESSES = cause(
    "The domain is federated by SAML, and ActiveSignInUri (ActiveLogOnUri) is not PassiveSignInUri (PassiveLogOnUri).",
    "Get-MgDomainFederationConfiguration | Format-List: compare the two addresses.",
    f"{_UPDATE} -ActiveSignInUri <the same address as PassiveSignInUri>.",
    checks="FED-20?",
)
_DEFAULT = cause(
    "The domain is the tenant's default one, or the initial one (*.onmicrosoft.com): neither can be federated. In "
    "a fresh tenant the custom domain may have become the default when it was added.",
    "Get-MgDomain | Select Id, IsDefault, IsInitial, AuthenticationType.",
    "Make the initial domain the default: Update-MgDomain -DomainId <name>.onmicrosoft.com -IsDefault; then federate "
    "the custom one.",
    checks="FED-22?",
)
_SCOPE = cause(
    "The administrator's token lacks a scope, or the account a role.",
    "(Get-MgContext).Scopes. Roles: Domain Name, External Identity Provider, Hybrid Identity, Security Administrator.",
    "Connect-MgGraph -Scopes Domain.ReadWrite.All, Directory.AccessAsUser.All, as an account with one of those roles.",
)


def _article(
    name: str,
    symbol: str,
    meaning: str,
    why: Cause,
    *,
    aliases: tuple[str, ...] = (),
    source: str = _REPORTS,
    certainty: Certainty = _SEEN,
) -> Article:
    return Article(
        id=name, kind=ArticleKind.GRAPH, symbol=symbol, meaning=meaning, certainty=certainty, source=source,
        phase="set-up", causes=(why,), aliases=aliases,
    )  # fmt: skip


GRAPH: tuple[Article, ...] = (
    _article(
        "federated without a configuration", "(HTTP 500 at creation)",
        "Get-MgDomain calls the domain federated, and Graph shows no federation configuration of it.", NO_CERTIFICATE,
        aliases=("F53", "federated but unmanageable", "domain federated but Graph shows nothing", f"{_NEW} 500"),
    ),
    _article(
        "Request_MultipleObjectsWithSameKeyValue", "(HTTP 409)",
        "Graph refuses a federation configuration whose issuerUri another domain of the tenant has.", _TAKEN,
        aliases=("F54",),
    ),
    _article(
        "Domain already has Federation Configuration set", "(HTTP 400)",
        "Graph refuses to create a federation configuration for a domain that has one.", _TWICE,
    ),
    _article(
        "User not known in directory", "(shown at sign-in)",
        "A sign-in that begins at Microsoft ends so, for people of a domain that is federated by SAML.", _ADDRESSES,
        aliases=("F55",),
    ),
    _article(
        "default domain cannot be federated", "(HTTP 400)",
        "A fresh tenant does not let its domain be federated, for it is the default one.", _DEFAULT,
        aliases=("F56", "cannot federate", "default domain"),
        source="Okta and Microsoft Entra Connect: federating a domain",
        certainty=_DOCUMENTED,
    ),
    _article(
        "Authorization_RequestDenied", "(HTTP 403)",
        "Graph does not let this administrator read or change a domain's federation.", _SCOPE, source=_GRAPH,
        certainty=_DOCUMENTED,
    ),
)  # fmt: skip
NAMES_IN_TEXTS: tuple[str, ...] = tuple(item.id for item in GRAPH if item.id[0].isupper())
"""The ids that Graph, or a sign-in page, prints so."""
