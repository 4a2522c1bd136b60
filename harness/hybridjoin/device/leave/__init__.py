"""A device that leaves the tenant it is registered with."""
