"""The engine: jobs at a place, carried out in turn, told as they go, judged and written down.

`session` makes a job of each scenario, `certification` one of each join and probe that it asks; `engine` carries them
out and tells of them, and `workers` does the same in several processes. What a device can be sent through stands in
`flows`; `attempt` keeps what came of it, whoever cut it off, and judges it without a wire. `judge` holds a scenario's
expectations against that.
"""
