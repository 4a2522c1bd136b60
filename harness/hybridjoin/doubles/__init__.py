"""Stand-in servers: an independent reading of the specifications that imports nothing else of ours."""
