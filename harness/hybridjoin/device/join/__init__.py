"""The hybrid join: the flow, told once, and its end on a device."""
