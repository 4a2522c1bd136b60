"""PowerShell text read as data: commands with their parameters, and no line of it ever carried out."""
