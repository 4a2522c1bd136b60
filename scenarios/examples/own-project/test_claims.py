"""Joins in Python: a fixture's name says what it gives; `hybridjoin_idp` bends the identity provider for one test."""

import pytest
from harness.tickets import WITHIN_MS, slowest


def test_the_computer_joins_in_time(hybridjoin_join):
    joined = hybridjoin_join()

    assert joined.result == "federated"
    assert slowest([exchange.elapsed_ms for exchange in joined.exchanges]) < WITHIN_MS


@pytest.mark.parametrize("hybridjoin_idp", [{"claims": {"accounttype": "drop"}}], indirect=True)
def test_without_the_account_type_nobody_joins(hybridjoin_join):
    joined = hybridjoin_join(fallback=False)

    assert joined.result == "failed"
    assert [claim.name for claim in joined.claims if claim.outcome == "failed"] == ["accounttype"]


def test_a_client_of_ones_own_knows_where_to_go(hybridjoin_site):
    assert hybridjoin_site.idp.issuer.startswith("https://")
    assert hybridjoin_site.directory.krb5_config.is_file()
