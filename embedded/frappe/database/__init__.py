"""The database of a site: one SQLite file."""
