"""PingOne's LDAP gateway, and the application that issues what it finds."""
