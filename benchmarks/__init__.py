"""The figures that the design sets budgets for: ratios beside absolutes, never a timed test."""
