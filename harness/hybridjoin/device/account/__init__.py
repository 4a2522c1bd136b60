"""Registration by a person: the out-of-box experience and "Add work account", and the first logon that may follow."""
