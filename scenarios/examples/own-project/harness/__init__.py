"""This project's own helpers; the name is free, for hybridjoin takes none but its own."""
