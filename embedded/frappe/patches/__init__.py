"""Changes of data that sites of this host need; each runs once, by `migrate`."""
