"""What holds of every site, whatever happened on it, and what can be put right where it does not.

invariant    what an invariant is, and what a repair
registry     all of them, by name
running      finding what breaks them, and repairing it
correcting   repairs that set fields, and say so on the records
terms        terms that several of them need
nightly      what the scheduler looks at, and tells in the Error Log

The other modules have the invariants, a file for each area. Each is a set-based query for the names of what breaks it.
"""
