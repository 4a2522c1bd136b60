"""What flows have in common: keeping evidence, ending at a step, and the exchanges that more than one of them makes."""
