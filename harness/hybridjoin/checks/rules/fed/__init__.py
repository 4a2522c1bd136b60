"""The domain's federation settings in Entra."""
