"""The device's only hands: HTTP, Kerberos, LDAP, the clock and the dice."""
