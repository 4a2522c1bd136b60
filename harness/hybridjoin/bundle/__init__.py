"""Evidence to hand over: a package of record and pictures, its keys, its check, and the search for secrets in it."""
