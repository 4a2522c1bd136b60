"""The domain controller and the doubles in containers."""
