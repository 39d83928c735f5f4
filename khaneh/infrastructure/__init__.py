"""What the program stands on: database, jobs, journal, search engines, files, mail, the embedded server. Knows no domain."""
