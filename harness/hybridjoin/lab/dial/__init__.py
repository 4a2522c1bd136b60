"""The dial carried out: a function for each row of `model.dial`, and what they all need.

Theory of operation
===================

A warm lab is shared by many scenarios, and by several processes at once. So a bend is, wherever it can be, *added* to
the lab and not done to it: an account of the scenario's own that was bent from its birth, a file of its own, a proxy of
its own in front of the real server. Nobody else meets these, so that scenarios need no order, and to undo a bend is to
throw away what was added.

What a forest has only once (its service connection point) cannot be had twice. Such a bend is written under the lab's
lock, which every other scenario of that lab holds shared for as long as it runs (`turn`), with the values of before in
a file first (`forest`): whoever comes next puts them back, should the process be killed in between.

A `Bench` is what a scenario's bends work at: the lab as it would be, and what they change about it. Each bend is a
function of the bench and its options, in the table `bends.BENDS`; the lab then makes the scenario's site of the bench.
"""
