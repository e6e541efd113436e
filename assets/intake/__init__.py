"""A file becomes a typed table: sniffed, read, recognised, cleaned, pseudonymised. Knows files, not Dagster."""
