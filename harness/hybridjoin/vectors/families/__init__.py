"""The vectors by family: each module yields its own, in an order that is kept."""
