"""Debian's samba as a child process."""
