"""hybridjoin: a simulated Windows device and protocol harness for Entra hybrid join."""

__version__ = "0.1.0"
