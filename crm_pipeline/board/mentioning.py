"""Which opportunities a text mentions: by their own words, or by numbers and mail addresses that their contact alone has."""

from collections.abc import Callable, Iterator
from itertools import groupby

import frappe
from pypika.terms import Criterion, Term

from crm_pipeline.history.rotting import opportunity
from crm_pipeline.permissions.field_levels import is_readable, readable
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules import search_words
from crm_pipeline.rules.phone_numbers import SEPARATORS, is_like_number, significant_digits
from crm_pipeline.utils.bulk_sql import Containing, replace, worked_out_once

SEARCHED = ("title", "customer_name", "company_name", "name", "contact_email", "contact_mobile")
NUMBER = "contact_mobile"
# Where a contact keeps its numbers and addresses: the field of the table, the DocType of the rows, and their field.
NUMBERS = ("phone_nos", "Contact Phone", "phone")
ADDRESSES = ("email_ids", "Contact Email", "email_id")


def mentioning(text: str) -> list[Criterion]:
	"""Return, for each word of a text, that one of the fields which are searched and the user may read has it.

	What is a telephone number may be dialled otherwise there, and may be any of the contact's; so may a mail address.
	"""
	criteria: list[Criterion] = []
	for are_numbers, group in groupby(search_words.split(text), is_like_number):
		words = [*group]
		found = [_having(word) for word in dict.fromkeys(words)]
		digits = significant_digits(" ".join(words)) if are_numbers else ""
		criteria += [Criterion.any([Criterion.all(found), *_reached_at(digits)])] if digits else found
	return criteria


def _having(word: str) -> Criterion:
	fields = [opportunity[field] for field in readable("Opportunity", SEARCHED)]
	found = [Containing(field, form) for field in fields for form in search_words.spellings(word)]
	if "@" in word:
		found += _of_contacts(ADDRESSES, lambda address: Containing(address, word))
	return Criterion.any(found)


def _reached_at(digits: str) -> Iterator[Criterion]:
	if is_readable("Opportunity", NUMBER):
		yield _dialling(opportunity[NUMBER], digits)
	yield from _of_contacts(NUMBERS, lambda number: _dialling(number, digits))


def _dialling(number: Term, digits: str) -> Criterion:
	"""Whether a number has some digits, whatever stands between them."""
	bare = number
	for separator in SEPARATORS:
		bare = replace(bare, separator, "")
	return number.like(f"%{'%'.join(digits)}%") & bare.like(
		f"%{digits}%"
	)  # most are out by the first one, which is quick


def _of_contacts(where: tuple[str, str, str], matching: Callable[[Term], Criterion]) -> Iterator[Criterion]:
	"""Yield that a row of the contact matches, if the user may read contacts and these rows of them.

	The rows are gone through once, and only where a word may be in one; what they find is looked up for each opportunity.
	"""
	table, rows, field = where
	if not _may_read_contacts(table, rows, field):
		return
	contact, row = frappe.qb.DocType("Contact"), frappe.qb.DocType(rows)
	query = frappe.qb.from_(row).join(contact).on(contact.name == row.parent).select(contact.name).distinct()
	query = query.where((row.parenttype == "Contact") & matching(row[field])).where(visible("Contact"))
	found = worked_out_once(query).as_("found")
	yield opportunity.contact_person.isin(frappe.qb.from_(found).select(found.name))


def _may_read_contacts(table: str, rows: str, field: str) -> bool:
	return (
		frappe.has_permission("Contact", "read")
		and is_readable("Opportunity", "contact_person")
		and is_readable("Contact", table)
		and is_readable(rows, field, parent_doctype="Contact")
	)
