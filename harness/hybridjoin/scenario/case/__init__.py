"""The case file: what a customer's evidence came to, as people read and edit it."""
