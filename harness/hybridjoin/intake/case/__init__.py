"""What a customer's files come to together: contradictions, conclusions, remarks, and what is still missing."""
