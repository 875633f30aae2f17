"""Closing opportunities on which nobody spoke for long, warning of it, showing it beforehand, and undoing it.

due         which opportunities are due, and which of those cannot be closed
closing     closing them, a portion at a time
notices     telling their owners, before and after
undo        bringing back what a batch closed
undo_later  the same in the background
preview     what a run would do
turn        one run or undoing at a time
"""
