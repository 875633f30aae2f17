"""Mails and calls: recorded first, judged afterwards.

fetching    brings what a mail server has, and leaves there what was not read
reading     writes anew what Frappe cannot read
intake      takes in what a mailbox fetched: drops, records, or keeps the message itself
placing     finds or makes the document that a recorded mail belongs to
judging     lets a recorded mail move its document, and remembers what that failed at
retrying    tries again what failed
intake_log  what was dropped and what is still to be done, where an admin looks
senders     the leads, customers and contacts that mails come from
contacts    who spoke to whom in a Communication
"""
