"""The simulated Windows device: the join told once, sans-io, and the hands that carry it out."""
