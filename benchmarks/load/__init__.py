"""Many people at once, with and without processes that are killed; see ../README.md.

day         what they do all day, for Locust; the rival's likewise
ledger      what the server said it had done, and whether that is there afterwards
people      who they are, and what they work on
servers     the processes that serve them, and how those are killed
outcome     what Locust measured
"""
