"""How a double accepts Kerberos tickets: Negotiate, the keytab that it holds, what a token says in the clear."""
