"""The commands for files that people write: begin them, check them, and look up what may stand in them."""
