"""What every code, event, fault and requirement means, what causes it, what would prove that, and what mends it.

Data and a look-up, pure: `hybridjoin.knowledge.lookup` finds an article by any of its names, and
`hybridjoin.knowledge.diagnosis` ranks the causes of a recorded run by the evidence in it.
"""
