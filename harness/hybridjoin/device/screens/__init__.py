"""The screens of `dsregcmd`, drawn from the evidence of a join; their words alone need no such evidence."""
