"""What the harness survives: killed at random moments, on a machine that fails, and a thousand joins long."""
