"""Closing opportunities without contact for long, warning of it, showing it beforehand, and undoing it.

due         which opportunities are due, and which of those cannot be closed
closing     closing them, a batch at a time
notices     telling their owners, before and after
undo        bringing back what a batch closed
undo_job    the same in the background
preview     what a run would do
lock        one run or undoing at a time
"""
