"""The simulated Windows device: each flow told once, sans-io, and the hands that carry it out."""
