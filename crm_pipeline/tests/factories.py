"""Makers of test records. Each inserts and returns a document; keyword arguments override its fields."""

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, today


def unique(prefix: str) -> str:
	"""A name no other record has."""
	return f"{prefix} {frappe.generate_hash(length=8)}"


def make(doctype: str, **fields) -> Document:
	return frappe.get_doc({"doctype": doctype, **fields}).insert()


def make_user(*roles: str) -> str:
	"""A Desk user with these roles; returns its name."""
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": f"{frappe.generate_hash(length=10)}@example.com",
			"first_name": "Test",
			"send_welcome_email": 0,
			"user_type": "System User",
			"roles": [{"role": role} for role in roles],
		}
	)
	user.flags.ignore_permissions = True
	user.flags.no_welcome_mail = True
	return user.insert().name


def make_lead(**fields) -> Document:
	return make("Lead", **{"first_name": "Ada", "last_name": unique("Lead"), **fields})


def make_customer(**fields) -> Document:
	return make("Customer", **{"customer_name": unique("Customer"), **fields})


def make_supplier(**fields) -> Document:
	return make("Supplier", **{"supplier_name": unique("Supplier"), **fields})


def make_item(**fields) -> Document:
	return make("Item", **{"item_code": unique("Item"), "standard_rate": 100, **fields})


def make_contact(party: Document | None = None, **fields) -> Document:
	links = [{"link_doctype": party.doctype, "link_name": party.name}] if party else []
	email = fields.pop("email_id", f"{frappe.generate_hash(length=8)}@example.org")
	return make(
		"Contact",
		**{
			"first_name": unique("Contact"),
			"email_ids": [{"email_id": email, "is_primary": 1}],
			"links": links,
			**fields,
		},
	)


def make_lost_reason(**fields) -> Document:
	return make("Lost Reason", **{"lost_reason": unique("Reason"), **fields})


def make_competitor(**fields) -> Document:
	return make("Competitor", **{"competitor_name": unique("Competitor"), **fields})


def make_stage(stage_type: str = "Open", **fields) -> Document:
	return make("Sales Stage", **{"stage_name": unique(stage_type), "stage_type": stage_type, **fields})


def make_team(*members: str, **fields) -> Document:
	return make(
		"Sales Team",
		**{"team_name": unique("Team"), "members": [{"user": user} for user in members], **fields},
	)


def make_process(*probabilities: float, **fields) -> Document:
	"""A process with one open stage per probability (percent), then a won and a lost one."""
	stages = [{"sales_stage": make_stage().name, "probability": each} for each in probabilities or (10, 50)]
	stages += [{"sales_stage": make_stage(stage_type).name} for stage_type in ("Won", "Lost")]
	return make("Sales Process", **{"process_name": unique("Process"), "stages": stages, **fields})


def make_exchange_rate(source: str, target: str, rate: float, date: str | None = None) -> Document:
	return make(
		"Currency Exchange",
		from_currency=source,
		to_currency=target,
		exchange_rate=rate,
		date=date or today(),
	)


def make_taxes(*rows: dict, **fields) -> Document:
	"""A template of taxes and charges, of 19 percent on the net total unless told otherwise."""
	taxes = [{"description": unique("Tax"), "rate": 19, **row} for row in rows or ({},)]
	return make("Sales Taxes and Charges Template", **{"title": unique("Taxes"), "taxes": taxes, **fields})


def without_default_taxes() -> None:
	"""Let new quotations take no taxes, whatever the site has."""
	frappe.db.set_value("Sales Taxes and Charges Template", {"is_default": 1}, "is_default", 0)


def make_opportunity(**fields) -> Document:
	"""An opportunity with only a name, unless told otherwise."""
	return make("Opportunity", **{"title": unique("Opportunity"), **fields})


def make_party_opportunity(**fields) -> Document:
	"""An opportunity of a new customer, with one item row of 2 x 100."""
	return make_opportunity(
		**{
			"opportunity_from": "Customer",
			"party_name": make_customer().name,
			"items": [{"item_code": make_item().name, "qty": 2, "rate": 100}],
			**fields,
		}
	)


def make_quotation(opportunity: Document | None = None, submit: bool = True, **fields) -> Document:
	"""A quotation from an opportunity or, without one, to a new customer."""
	if opportunity:
		from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_quotation as map_quotation

		quotation = map_quotation(opportunity.name)
		quotation.update(fields)
		if not quotation.items:
			quotation.net_total = quotation.net_total or 100
	else:
		rows = [{"item_name": "Consulting", "qty": 1, "rate": 100}]
		values = {"quotation_to": "Customer", "party_name": make_customer().name, "items": rows, **fields}
		quotation = frappe.get_doc({"doctype": "Quotation", **values})
	quotation.insert()
	return quotation.submit() if submit else quotation


def make_mail(opportunity: Document, direction: str = "Sent", **fields) -> Document:
	"""A mail on an opportunity: Sent to a customer, or Received from one."""
	return make(
		"Communication",
		**{
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": direction,
			"reference_doctype": "Opportunity",
			"reference_name": opportunity.name,
			"subject": "About your request",
			"content": "Dear customer",
			"sender": "sales@example.com" if direction == "Sent" else "customer@example.org",
			"recipients": "customer@example.org" if direction == "Sent" else "sales@example.com",
			**fields,
		},
	)


def in_days(days: int) -> str:
	"""The day that many days from today, as YYYY-MM-DD."""
	return str(add_days(today(), days))
