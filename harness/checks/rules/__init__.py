"""The rule rooms, listed by hand: nothing registers itself at import."""
