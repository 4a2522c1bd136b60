"""The requirement registry: one sentence of one specification, one small function that reads evidence.

`judge` asks all of them, `judge_join` those that a join alone can answer, `mex_findings` those about metadata of one
document; the claim table is `hybridjoin.checks.claims.claim_rows`, the book itself `hybridjoin.checks.rules.BOOK`.
"""

from hybridjoin.checks.verdicts import judge, judge_join, mex_findings

__all__ = ["judge", "judge_join", "mex_findings"]
