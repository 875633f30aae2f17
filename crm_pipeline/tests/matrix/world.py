"""The records that are asked for. Each has words that occur nowhere else."""

from dataclasses import dataclass
from random import randrange

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.permissions import add_permission, reset_perms, update_permission_property

from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.clearing import remove
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_competitor,
	make_contact,
	make_customer,
	make_exchange_rate,
	make_item,
	make_lead,
	make_lost_reason,
	make_opportunity,
	make_process,
	make_supplier,
	make_taxes,
	make_team,
	make_user,
)
from crm_pipeline.tests.matrix.hidden import HiddenChain, word
from crm_pipeline.tests.matrix.people import People

AMOUNT = 735194286
AMOUNT_FIELDS = ("opportunity_amount", "base_opportunity_amount", "weighted_amount")
OWN_ONLY = ("Opportunity", "Quotation", "Supplier Quotation")
LEVEL = "Opportunity Amount"


@dataclass(frozen=True)
class Record:
	"""A record by its DocType's name; `field` holds the first of its `words`."""

	doctype: str
	name: str
	words: tuple[str, ...] = ()
	field: str | None = None
	parent: str | None = None  # DocType, of a row
	named: bool = True  # whether its name tells of it

	@property
	def texts(self) -> tuple[str, ...]:
		"""What tells of it, wherever it occurs."""
		return (*self.words, *((self.name,) if self.named else ()))


class World:
	"""Makes the people and everything they ask for; `remove` takes all of it away again."""

	def __init__(self):
		self.made: list[tuple[str, str]] = []
		self.hidden: list[tuple[str, str]] = []
		self.chain: HiddenChain | None = None
		self.records: dict[str, Record] = {}
		self.people = People()
		self.made += self.people.made
		self.settings = frappe.get_doc("Selling Settings").as_dict()
		self.make_masters()
		self.make_own_ones()
		self.set_rights()

	def hide(self) -> HiddenChain:
		"""Add the hidden chain."""
		visible, self.made = self.made, []
		self.chain = HiddenChain(self)
		self.hidden, self.made = self.made, visible
		for record in self.chain.records:
			self.records.setdefault(record.doctype, record)
		return self.chain

	def unhide(self):
		"""Take the hidden chain away again."""
		if self.chain:
			self.chain.take_off_board()
		self.delete(self.hidden)
		self.hidden = []

	def keep(self, doc):
		self.made.append((doc.doctype, doc.name))
		return doc

	def add(self, doc, *words: str, field: str | None = None, named: bool = True) -> Record:
		"""Keep a document as a record to ask for."""
		record = Record(doc.doctype, doc.name, words, field, doc.get("parenttype"), named)
		self.records[doc.doctype] = record
		return record

	def make_masters(self):
		texts = {key: word() for key in ("lead", "supplier", "item", "customer")}
		self.seller = make_user("Sales User")
		self.made.append(("User", self.seller))
		lead = make_lead(first_name=texts["lead"], last_name="Lead", lead_owner=self.seller)
		self.add(self.keep(lead), texts["lead"], field="first_name")
		self.customer = self.keep(make_customer(customer_name=texts["customer"], lead_name=lead.name))
		self.add(self.customer, texts["customer"], field="customer_name")
		self.contact = self.keep(make_contact(self.customer)).name
		self.allowed = self.keep(make_customer())
		self.supplier = self.keep(make_supplier(supplier_name=texts["supplier"]))
		self.add(self.supplier, texts["supplier"], field="supplier_name")
		self.item = self.keep(make_item(item_code=texts["item"]))
		self.add(self.item, texts["item"], field="item_code")
		self.rival, self.reason = self.keep(make_competitor()), self.keep(make_lost_reason())
		for doc, field in ((self.rival, "competitor_name"), (self.reason, "lost_reason")):
			self.add(doc, doc.name, field=field)
		for doctype, field in (("Lead Source", "source_name"), ("Opportunity Type", "type_name")):
			doc = self.keep(make(doctype, **{field: word()}))
			self.add(doc, doc.name, field=field)
		taxes = self.keep(make_taxes(title=word()))
		self.add(taxes, taxes.name, field="title")
		demo = {"reference_doctype": "Supplier", "reference_name": self.supplier.name}
		self.add(self.keep(make("Demo Record", **demo)))
		entry = make("Mail Intake Log", result="Dropped", subject=(text := word()))
		self.add(self.keep(entry), text, field="subject")
		self.add(self.keep(make("Mail Intake Part", entry=entry.name, part=2)), field="part")
		view = self.keep(make("Pipeline View", title=(text := word())))
		self.add(view, text, field="title")
		self.add(self.keep(make("Pipeline Write", before=(text := word()))), text, field="before")
		self.add(
			self.keep(make_exchange_rate("EUR", "JPY", 161.5, in_days(-randrange(500, 9000)))), field="date"
		)
		self.make_process()
		self.make_teams()

	def make_teams(self):
		"""One of whom the hidden chain is, below that of `leader`, and one of others."""
		people = self.people
		top = self.keep(make_team(manager=people.leader))
		team = make_team(people.bound, people.own_only, team_name=word(), parent_team=top.name)
		self.add(self.keep(team), team.name, field="team_name")
		self.add(team.members[0], field="user")
		self.keep(make_team(people.sharer, people.purchaser, manager=people.other))

	def make_process(self):
		process = make_process(10, 50)
		stages = [row.sales_stage for row in process.stages]
		rule = {"sales_stage": stages[0], "requirement": "Field", "fieldname": "title"}
		process.append("requirements", rule)
		process.save()
		self.made += [("Sales Stage", stage) for stage in stages]
		self.keep(process)
		self.process, self.stage = process.name, stages[0]
		self.add(process, process.name, field="process_name")
		self.add(frappe.get_doc("Sales Stage", stages[0]), stages[0], field="stage_name")
		self.add(process.stages[0], field="sales_stage")
		self.add(process.requirements[0], field="sales_stage")

	def make_own_ones(self):
		"""An opportunity of each seller's own; that of `flat` has an amount on level 1."""
		self.own: dict[str, str] = {}
		for kind in ("other", "sharer", "bound", "own_only", "flat", "leader"):
			opportunity = make_opportunity(
				title=f"Own of {kind}",
				sales_process=self.process,
				opportunity_from="Customer",
				party_name=self.allowed.name,
				opportunity_owner=self.people.users[kind] if kind != "own_only" else None,
				opportunity_amount=AMOUNT if kind == "flat" else 100,
			)
			frappe.db.set_value("Opportunity", opportunity.name, "owner", self.people.users[kind])
			self.own[kind] = self.keep(opportunity).name
		number = str(AMOUNT)
		self.records[LEVEL] = Record(
			"Opportunity", self.own["flat"], (number, f"{AMOUNT:,}"), "opportunity_amount", named=False
		)

	def set_rights(self):
		settings = frappe.get_doc("Selling Settings")
		settings.update({"opportunity_visibility": OWN, "disabled_roles": [{"role": self.unused_role()}]})
		settings.save()
		self.add(settings, field="opportunity_visibility", named=False)
		self.add(settings.party_types[0], field="party_type")
		self.add(settings.disabled_roles[0], field="role")
		for doctype in OWN_ONLY:
			add_permission(doctype, self.people.role)
			update_permission_property(doctype, self.people.role, 0, "write", 1)
			update_permission_property(doctype, self.people.role, 0, "if_owner", 1)
		for field in AMOUNT_FIELDS:
			setter = make_property_setter("Opportunity", field, "permlevel", 1, "Int")
			self.made.append(("Property Setter", setter.name))
		add_permission("Opportunity", "Sales Manager", 1)
		self.people.bind(self.allowed.name)
		frappe.clear_cache()

	def unused_role(self) -> str:
		return self.keep(frappe.get_doc(doctype="Role", role_name=f"Role {word()}").insert()).name

	def remove(self):
		frappe.set_user("Administrator")
		frappe.db.delete("User Permission", {"user": self.people.bound})
		settings = frappe.get_doc("Selling Settings")
		settings.opportunity_visibility = self.settings.opportunity_visibility
		settings.set("disabled_roles", [{"role": row.role} for row in self.settings.disabled_roles])
		settings.save()
		for doctype in OWN_ONLY:
			reset_perms(doctype)
		self.unhide()
		self.delete(self.made)
		frappe.db.commit()
		frappe.clear_cache()

	def delete(self, made: list[tuple[str, str]]):
		for doctype, name in reversed(made):
			if frappe.db.exists(doctype, name):
				remove(doctype, name)
