"""A token request on the bench, good unless it is bent."""

from __future__ import annotations

from datetime import datetime

from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.connect import data_source
from hybridjoin.doubles.entra.judge import Refusal, judge
from hybridjoin.doubles.entra.tenant import Tenant
from tests.doubles.entra import forge
from tests.doubles.entra.forge import GOOD, NOON, Forgery

GRANT = {
    "grant_type": "urn:ietf:params:oauth:grant-type:saml1_1-bearer",
    "client_id": "dd762716-544d-4aeb-a526-687b73838a22",
    "resource": "urn:ms-drs:enterpriseregistration.windows.net",
    "scope": "openid",
}


def tenant(**changes: object) -> Tenant:
    config = EntraConfig.from_mapping(forge.mapping(**changes))
    made = Tenant(config, data_source(config))
    made.sync()
    return made


TENANT = tenant()


def case(
    assertion: Forgery | str | None = GOOD,
    *,
    at: Tenant = TENANT,
    addressed: str = "common",
    now: datetime = NOON,
    **parameters: str | None,
) -> Case:
    encoded = assertion.encoded() if isinstance(assertion, Forgery) else assertion
    form = {**GRANT, "assertion": encoded, **parameters}
    return Case(
        tenant=at, addressed=addressed, form={name: (value,) for name, value in form.items() if value is not None},
        now=now,
    )  # fmt: skip


def fired(judged: Case) -> str:
    """Return the id of the rule that refused, or nothing."""
    verdict = judge(judged)
    return verdict.rule.id if isinstance(verdict, Refusal) else ""
