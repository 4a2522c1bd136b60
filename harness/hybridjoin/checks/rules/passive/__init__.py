"""Requirements of a sign-in by browser: the form that comes back, what stands in wresult, and the way there."""
