"""What the server said it had done, line by line, and whether it is there: each once, none lost."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import frappe
from frappe.query_builder.functions import Count

PORTION = 500


def unaccounted(ledger: Path) -> list[str]:
	"""Return, in words, what was acknowledged and is missing from the site, or is there more than once."""
	noted = [json.loads(line) for line in ledger.read_text().splitlines()] if ledger.exists() else []
	return [problem for check in CHECKS for problem in check(noted)]


def acknowledged(ledger: Path) -> Counter:
	"""Count what was acknowledged, by kind."""
	lines = ledger.read_text().splitlines() if ledger.exists() else []
	return Counter(json.loads(line)["kind"] for line in lines)


def texts(noted: list[dict], kind: str, doctype: str, field: str) -> Iterator[str]:
	"""Notes and tasks bear a text of their own, which is there exactly once."""
	expected = [entry["text"] for entry in noted if entry["kind"] == kind]
	found: Counter = Counter()
	for stored in frappe.get_all(doctype, {"reference_name": ["is", "set"]}, pluck=field):
		for word in (stored or "").replace("<", " ").replace(">", " ").split():
			found[word] += 1
	for text in expected:
		if found[text] != 1:
			yield f"{kind} {text}: {found[text]} times"


def notes(noted: list[dict]) -> Iterator[str]:
	return texts(noted, "note", "Comment", "content")


def tasks(noted: list[dict]) -> Iterator[str]:
	return texts(noted, "task", "ToDo", "description")


def created(noted: list[dict]) -> Iterator[str]:
	names = {entry["opportunity"] for entry in noted if entry["kind"] == "created"}
	yield from (f"opportunity {name}: missing" for name in sorted(names - {*stored("Opportunity", names)}))


def submitted(noted: list[dict]) -> Iterator[str]:
	names = {entry["quotation"] for entry in noted if entry["kind"] == "submitted"}
	yield from (
		f"quotation {name}: not submitted"
		for name in sorted(names - {*stored("Quotation", names, docstatus=1)})
	)


def amounts(noted: list[dict]) -> Iterator[str]:
	"""Every amount that was saved is in the history, even if another one followed."""
	if not frappe.db.table_exists("Pipeline Change"):
		return
	changed = frappe.get_all(
		"Pipeline Change", {"change": ["!=", "Created"]}, ["opportunity", "opportunity_amount"]
	)
	known = {(row.opportunity, round(row.opportunity_amount, 2)) for row in changed}
	for entry in noted:
		if entry["kind"] == "amount" and (entry["opportunity"], entry["amount"]) not in known:
			yield f"amount {entry['amount']} of {entry['opportunity']}: not in its history"


def stages(noted: list[dict]) -> Iterator[str]:
	"""Every move is in the history as often as it was acknowledged."""
	moves = Counter(
		(entry["opportunity"], entry["stage"], entry["user"]) for entry in noted if entry["kind"] == "stage"
	)
	if not moves:
		return
	change = frappe.qb.DocType("Pipeline Change")
	rows = (
		frappe.qb.from_(change)
		.select(change.opportunity, change.sales_stage, change.by, Count("*"))
		.where(change.change == "Stage")
		.groupby(change.opportunity, change.sales_stage, change.by)
	).run()
	there = {tuple(key): times for *key, times in rows}
	for key, times in moves.items():
		if there.get(key, 0) < times:
			yield f"move of {key[0]} to {key[1]}: acknowledged {times} times, in its history {there.get(key, 0)} times"


def stored(doctype: str, names: set[str], **more) -> Iterator[str]:
	listed = sorted(names)
	for start in range(0, len(listed), PORTION):
		yield from frappe.get_all(
			doctype, {"name": ["in", listed[start : start + PORTION]], **more}, pluck="name"
		)


CHECKS = (notes, tasks, created, submitted, amounts, stages)
