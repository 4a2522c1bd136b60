"""The dial: what a scenario may bend of the real directory, KDC, network and clock, one row each.

From a row follow the word in scenario files, its schema, `hybridjoin list dial`, the reference page, and what a record
predicts of Windows. `lab.dial` has a function of the same name that carries it out, `knowledge.dial` what mends it, and
`scenarios/dial/` a scenario that shows it; tests name what is missing.
"""
