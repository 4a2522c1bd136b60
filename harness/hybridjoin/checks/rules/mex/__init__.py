"""The IdP's metadata."""
