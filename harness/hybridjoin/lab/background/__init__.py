"""Labs that outlive the command that made them."""
