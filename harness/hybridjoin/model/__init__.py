"""The nouns every floor shares: frozen dataclasses, standard library only."""
