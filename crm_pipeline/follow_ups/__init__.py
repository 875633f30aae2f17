"""Next contacts: their entries in the calendar, reminders of them, and the list of the morning.

calendar          the one Event of an opportunity's next contact
calendar_of_many  the Events of many opportunities: handing over, removing, restoring
mails             who wants mails, and what they say
reminders         telling users when the time has come
digest            the mail of the morning with what is overdue and what is today
"""
