"""The files that a customer sends: how each is recognised by its content, and the facts that are read out of it."""
