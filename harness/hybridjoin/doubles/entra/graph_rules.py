"""The rules of Microsoft Graph about domains and their federation: why a request is refused, as data."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.doubles.entra.rule import Certainty

ERRORS = "https://learn.microsoft.com/graph/errors"
CREATE = "https://learn.microsoft.com/graph/api/domain-post-federationconfiguration"
RESOURCE = "https://learn.microsoft.com/graph/api/resources/internaldomainfederation"
_REPORTS = "public reports about New-MgDomainFederationConfiguration"
_TEXT = "The refusal is told, the status, the code or the words are the double's choice."
_BAD = "Request_BadRequest"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphRule:
    """One refusal of Graph; `certainty` is about this trigger being refused so, `reasoning` what of it is not known."""

    id: str
    trigger: str
    status: int
    code: str
    message: str
    source: str
    certainty: Certainty
    reasoning: str = ""


class GraphRefused(Exception):
    """A rule of Graph fired."""

    def __init__(self, rule: GraphRule, **fields: str) -> None:
        super().__init__(rule.id)
        self.rule = rule
        self.message = rule.message.format(**fields)


GRAPH_RULES: tuple[GraphRule, ...] = (
    GraphRule(
        id="token-empty", trigger="There is no Authorization: Bearer header.", status=401,
        code="InvalidAuthenticationToken", message="Access token is empty.", source=ERRORS,
        certainty=Certainty.OBSERVED,
    ),
    GraphRule(
        id="token-refused", trigger="The token is none of this tenant's for Graph, or not valid now.", status=401,
        code="InvalidAuthenticationToken", message="Access token validation failure.", source=ERRORS,
        certainty=Certainty.OBSERVED, reasoning="Graph's words differ by what is wrong with the token.",
    ),
    GraphRule(
        id="scope-missing", trigger="The token has no scope that the request needs.", status=403,
        code="Authorization_RequestDenied", message="Insufficient privileges to complete the operation.",
        source=CREATE, certainty=Certainty.DOCUMENTED,
        reasoning="Roles of the administrator are not looked at: the double's tokens name none.",
    ),
    GraphRule(
        id="domain-unknown", trigger="The tenant has no domain of that name.", status=404,
        code="Request_ResourceNotFound",
        message="Resource '{name}' does not exist or one of its queried reference-property objects are not present.",
        source=ERRORS, certainty=Certainty.OBSERVED,
    ),
    GraphRule(
        id="configuration-unknown", trigger="The domain has no federation configuration of that id.", status=404,
        code="Request_ResourceNotFound",
        message="Resource '{name}' does not exist or one of its queried reference-property objects are not present.",
        source=_REPORTS, certainty=Certainty.ASSUMED, reasoning=_TEXT,
    ),
    GraphRule(
        id="body-unreadable", trigger="The body is no JSON object.", status=400, code="BadRequest",
        message="Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid "
        "JSON format.", source=ERRORS, certainty=Certainty.OBSERVED,
    ),
    GraphRule(
        id="default-domain", trigger="The domain is the tenant's default one, or its initial one.", status=400,
        code=_BAD, message="The default domain '{name}' cannot be federated.",
        source="help.okta.com: Office 365, WS-Federation; Microsoft Entra Connect's documentation",
        certainty=Certainty.DOCUMENTED, reasoning=_TEXT,
    ),
    GraphRule(
        id="already-federated", trigger="The domain has a federation configuration.", status=400, code=_BAD,
        message="Domain already has Federation Configuration set.", source=_REPORTS, certainty=Certainty.OBSERVED,
        reasoning="The words are seen, the status and the code are not told.",
    ),
    GraphRule(
        id="issuer-missing", trigger="A new configuration has no issuerUri.", status=400, code=_BAD,
        message="A value is required for property 'issuerUri' of resource 'internalDomainFederation'.",
        source=RESOURCE, certainty=Certainty.ASSUMED, reasoning=_TEXT,
    ),
    GraphRule(
        id="issuer-taken", trigger="Another domain of the tenant has the same issuerUri.", status=409,
        code="Request_MultipleObjectsWithSameKeyValue",
        message="Another object with the same value for property issuerUri already exists.", source=_REPORTS,
        certainty=Certainty.OBSERVED, reasoning="Status and code are seen; the words are those of the code elsewhere.",
    ),
    GraphRule(
        id="value-unknown", trigger="A property has a value that its documentation does not list.", status=400,
        code=_BAD, message="Invalid value specified for property '{name}' of resource 'internalDomainFederation'.",
        source=RESOURCE, certainty=Certainty.ASSUMED, reasoning=f"The values are documented. {_TEXT}",
    ),
    GraphRule(
        id="certificate-unreadable", trigger="signingCertificate or nextSigningCertificate is no certificate.",
        status=400, code=_BAD,
        message="Invalid value specified for property '{name}' of resource 'internalDomainFederation'.",
        source=RESOURCE, certainty=Certainty.ASSUMED, reasoning=f"The form is documented. {_TEXT}",
    ),
    GraphRule(
        id="certificate-missing",
        trigger="A new configuration has no signingCertificate: the domain is federated all the same, and its "
        "configuration can be neither read, changed nor removed.",
        status=500, code="InternalServerError", message="An internal server error occurred.", source=_REPORTS,
        certainty=Certainty.OBSERVED, reasoning="The status and what is left are seen; code and words are not told.",
    ),
    GraphRule(
        id="out-of-hand", trigger="The domain was federated without a certificate, and is to be made managed.",
        status=500, code="InternalServerError", message="An internal server error occurred.", source=_REPORTS,
        certainty=Certainty.ASSUMED, reasoning="That only removing the domain helped is told; the answer is not.",
    ),
)  # fmt: skip
_BY_ID = {rule.id: rule for rule in GRAPH_RULES}


def refuse_if(fires: object, rule_id: str, **fields: str) -> None:
    """Refuse a request where a rule fires.

    Raises:
        GraphRefused: it does.
    """
    if fires:
        raise GraphRefused(_BY_ID[rule_id], **fields)
