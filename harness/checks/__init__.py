"""The requirement registry: one sentence of one specification, one small function that reads evidence.

`judge` asks all of them about one join, `mex_findings` those about metadata about one document; the claim table
is `harness.checks.claims.claim_rows`, the book itself `harness.checks.rules.BOOK`.
"""

from harness.checks.verdicts import judge, mex_findings

__all__ = ["judge", "mex_findings"]
