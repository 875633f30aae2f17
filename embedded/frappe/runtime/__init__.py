"""What `frappe` itself exports, one file per concern.

context    the state of one request or command: site, user, flags, database
messages   msgprint, throw and the message log
hooks      installed apps, hooks.py, attribute lookup
whitelist  which functions a client may call, and the types of their arguments
documents  cached documents and other short cuts
tools      small helpers: JSON, hashes, naming, logs
missing    the answer to what only a bench has
"""
