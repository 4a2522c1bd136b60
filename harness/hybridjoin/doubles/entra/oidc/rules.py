"""Every rule of the OpenID provider, and the refusal that one of them is."""

from __future__ import annotations

from collections.abc import Mapping

from hybridjoin.doubles.entra.oidc.authorize_rules import AUTHORIZE_RULES, SIGN_IN_RULES
from hybridjoin.doubles.entra.oidc.code_rules import CODE_RULES
from hybridjoin.doubles.entra.oidc.openid_rule import At, OpenIdRule

__all__ = ["OPENID_RULES", "At", "OpenIdRefused", "OpenIdRule"]

OPENID_RULES: tuple[OpenIdRule, ...] = (*AUTHORIZE_RULES, *SIGN_IN_RULES, *CODE_RULES)
_BY_ID: Mapping[str, OpenIdRule] = {rule.id: rule for rule in OPENID_RULES}


class OpenIdRefused(Exception):
    """A rule of the OpenID provider fired; `fields` are those of its message."""

    def __init__(self, rule_id: str, **fields: str) -> None:
        super().__init__(rule_id)
        self.rule = _BY_ID[rule_id]
        self.description = self.rule.message.format(**fields)
