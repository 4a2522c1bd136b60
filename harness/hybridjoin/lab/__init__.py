"""The world we bring up ourselves: a real Samba AD DC and the doubles, in Docker or as processes."""
