"""Opportunities of somebody else, and everything that hangs on them."""

import json

import frappe
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.tests.factories import in_days, make, make_mail, make_opportunity

BOARD = "Opportunity Status"


def word() -> str:
	return f"qz{frappe.generate_hash(length=10)}"


class HiddenChain:
	"""An open opportunity with quotations, and one that was lost and one that auto-close closed.

	`other` is among those who are to read the mails: what Frappe notes about a person must not tell them either.
	"""

	def __init__(self, world):
		self.world, self.records = world, []
		self.open = self.make_opportunity(
			"open",
			opportunity_owner=world.people.bound,
			next_contact_by=world.seller,
			next_contact_date=in_days(-3),
		)
		self.lost = self.make_opportunity(
			"lost",
			opportunity_owner=world.people.own_only,
			status="Lost",
			competitors=[{"competitor": world.rival.name}],
			lost_reasons=[{"lost_reason": world.reason.name}],
		)
		self.add(self.open.items[0], self.open.campaign, field="description")
		self.add(self.lost.competitors[0])
		self.add(self.lost.lost_reasons[0])
		self.make_quotations()
		self.make_history()
		for opportunity in (self.open, self.lost):
			self.make_notes(opportunity)
			self.give(opportunity)
		self.put_on_board()

	def add(self, doc, *words: str, field: str | None = None):
		from crm_pipeline.tests.matrix.world import Record

		self.records.append(Record(doc.doctype, doc.name, words, field, doc.get("parenttype")))

	def keep(self, doctype: str, *words: str, field: str | None = None, **values):
		doc = self.world.keep(make(doctype, **values))
		self.add(doc, *words, field=field)
		return doc

	def make_opportunity(self, kind: str, **fields):
		text = word()
		told = (
			"campaign",
			"territory",
			"customer_need",
			"proposed_solution",
			"to_discuss",
			"override_reason",
		)
		opportunity = make_opportunity(
			title=f"{text} {kind}",
			opportunity_from="Customer",
			party_name=self.world.customer.name,
			sales_process=self.world.process,
			items=[{"item_code": self.world.item.name, "qty": 3, "rate": 71, "description": text}],
			**dict.fromkeys(told, text),
			**fields,
		)
		self.world.keep(opportunity)
		self.add(opportunity, text, field="campaign")
		return opportunity

	def make_quotations(self):
		for doctype, party in (
			("Quotation", {"quotation_to": "Customer", "party_name": self.world.customer.name}),
			("Supplier Quotation", {"supplier": self.world.supplier.name}),
		):
			text = word()
			if doctype == "Quotation":
				party["taxes"] = [{"description": text, "rate": 19}]
			row = {"item_name": text, "description": text, "qty": 1, "rate": 73}
			quotation = self.keep(
				doctype,
				text,
				field="terms",
				title=text,
				terms=text,
				opportunity=self.open.name,
				items=[row],
				**party,
			)
			self.add(quotation.items[0], text, field="item_name")
			for row in quotation.get("taxes") or []:
				self.add(row, text, field="description")

	def make_history(self):
		for change in frappe.get_all(
			"Pipeline Change", {"opportunity": ["in", [self.open.name, self.lost.name]]}, pluck="name"
		):
			self.add(frappe.get_doc("Pipeline Change", change))
		batch = self.insert(
			"Auto Close Batch",
			status="Done",
			day=in_days(-1),
			after_days=15,
			closed=1,
			started_on=now_datetime(),
		)
		text = word()
		self.insert(
			"Auto Closed Opportunity",
			text,
			field="why",
			batch=batch.name,
			opportunity=self.lost.name,
			result="Closed",
			why=text,
			opportunity_owner=self.world.seller,
		)

	def insert(self, doctype: str, *words, field=None, **values):
		"""What only jobs make."""
		doc = frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)
		self.world.keep(doc)
		self.add(doc, *words, field=field)
		return doc

	def make_notes(self, opportunity):
		text = word()
		about = {"reference_doctype": "Opportunity", "reference_name": opportunity.name}
		mail = self.world.keep(
			make_mail(
				opportunity,
				"Received",
				subject=f"{text} mail",
				content=text,
				recipients=self.world.people.other,
			)
		)
		self.add(mail, text, field="content")
		self.keep(
			"Comment",
			text,
			field="content",
			comment_type="Comment",
			content=text,
			comment_email="Administrator",
			**about,
		)
		participants = [{"reference_doctype": "Opportunity", "reference_docname": opportunity.name}]
		self.keep(
			"Event",
			text,
			field="subject",
			subject=text,
			event_type="Private",
			starts_on=add_to_date(now_datetime(), hours=5),
			event_participants=participants,
		)
		text = word()
		self.insert(
			"Notification Log",
			text,
			field="subject",
			subject=text,
			type="Alert",
			for_user=self.world.seller,
			document_type="Opportunity",
			document_name=opportunity.name,
		)

	def give(self, opportunity):
		"""Assign it to one, and share it with another for reading."""
		people, text = self.world.people, word()
		about = {"reference_type": "Opportunity", "reference_name": opportunity.name}
		self.keep("ToDo", text, field="description", description=text, allocated_to=people.flat, **about)
		about = {"share_doctype": "Opportunity", "share_name": opportunity.name}
		self.insert("DocShare", user=people.sharer, read=1, **about)
		self.attach(opportunity)

	def attach(self, opportunity):
		"""A file, a tag and a version, as far as this host keeps them."""
		text = word()
		about = {"attached_to_doctype": "Opportunity", "attached_to_name": opportunity.name}
		file = self.insert(
			"File",
			text,
			field="file_name",
			file_name=f"{text}.txt",
			file_url=f"https://example.com/{text}.txt",
			**about,
		)
		private = {"is_private": 1, "file_url": f"/private/files/{text}.txt"}  # without one on the disk
		frappe.db.set_value("File", file.name, private)
		data = json.dumps({"changed": [["campaign", "", text]]})
		self.insert(
			"Version", text, field="data", ref_doctype="Opportunity", docname=opportunity.name, data=data
		)
		if frappe.db.exists("DocType", "Tag Link"):
			tag = word()
			opportunity.add_tag(tag)
			self.add(frappe.get_last_doc("Tag Link", {"document_name": opportunity.name}), tag, field="tag")
			self.world.made.append(("Tag", tag))

	def put_on_board(self):
		"""Frappe keeps the order of a board's cards, with their names, on the board."""
		board = frappe.get_doc("Kanban Board", BOARD)
		column = next(row for row in board.columns if row.column_name == "Open")
		self.order = (column.name, column.order)
		frappe.db.set_value(
			"Kanban Board Column", column.name, "order", json.dumps([self.open.name]), update_modified=False
		)

	def take_off_board(self):
		"""Leave the board as it was."""
		name, order = self.order
		frappe.db.set_value("Kanban Board Column", name, "order", order, update_modified=False)
