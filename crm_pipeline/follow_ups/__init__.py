"""Next contacts: their entries in the calendar, reminders of them, and the list of the morning.

calendar              the one Event of an opportunity's next contact
calendar_bulk         the Events of many opportunities: handing over, removing, restoring
event_communications  what hangs on an Event that goes
mails                 who wants mails, and what they say
reminders             notifying users when the time has come
digest                the mail of the morning with what is overdue and what is today
"""
