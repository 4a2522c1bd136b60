"""Commands about a customer's case."""
