"""A customer's failure, made to happen in a lab: trials, and which single change brings it about."""
