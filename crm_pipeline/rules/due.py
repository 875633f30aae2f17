"""When something that is to be done is due, as people sort their work: overdue, today, this week, later."""

from datetime import date, timedelta

OVERDUE, TODAY, THIS_WEEK, LATER, DONE = "Overdue", "Today", "This Week", "Later", "Done"
STATES = (OVERDUE, TODAY, THIS_WEEK, LATER, DONE)


def due_state(is_done: bool, day: date | None, today: date, week_begins: date) -> str:
	"""Return the state of a task.

	Args:
		day: when it is due; without one it is for later.
		week_begins: the first day of the week that today is in.
	"""
	if is_done:
		return DONE
	if day is None:
		return LATER
	if day <= today:
		return TODAY if day == today else OVERDUE
	return THIS_WEEK if day < week_begins + timedelta(days=7) else LATER
