"""Sans-io readings of the specifications: bytes in, frozen dataclasses out, and the reverse.

A reader is faithful and tolerant: it keeps what came, duplicates and oddities included, and raises
PeerError only where nothing can be read. Judging is the checks' work.
"""
