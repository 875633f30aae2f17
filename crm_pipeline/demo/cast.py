"""The people, companies and products of the demo, each created when an opportunity first needs it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import wraps
from math import floor, log10
from random import Random
from typing import Any

import frappe
from frappe.model.document import Document

from crm_pipeline.demo import catalogue, people, texts
from crm_pipeline.demo.ledger import Ledger
from crm_pipeline.demo.mails import Correspondence
from crm_pipeline.demo.plan import SPAN_DAYS, PlannedOpportunity
from crm_pipeline.money.exchange_rates import base_currency

QUARTER = timedelta(days=91)
EMPLOYEES = ["11-50", "51-200", "201-500", "501-1000", "1000+"]


def once(method: Callable) -> Callable:
	"""Decorator for methods of `Cast`: what was asked for before is given again."""

	@wraps(method)
	def wrapper(self: "Cast", *args: object) -> object:
		key = (method.__name__, *args)
		if key not in self.known:
			self.known[key] = method(self, *args)
		return self.known[key]

	return wrapper


@contextmanager
def without_jobs() -> Iterator[None]:
	"""Let Frappe do at once, as while it installs, what it leaves to a job for each new user.

	A job that comes late makes a contact of a user who is gone again; and nobody has a picture of people of a demo.
	"""
	outer, frappe.flags.in_install = frappe.flags.in_install, True
	try:
		yield
	finally:
		frappe.flags.in_install = outer


class Cast:
	"""Gives records by what they are in the story; what the site already has is used and not remembered."""

	def __init__(self, ledger: Ledger, now: datetime) -> None:
		self.ledger = ledger
		self.correspondence = Correspondence(ledger)
		self.now = now
		self.opening = now - timedelta(days=SPAN_DAYS + 60)
		self.rng = Random("crm_pipeline cast")
		self.base = base_currency()
		self.company_names: set[str] = set()
		self.known: dict[tuple, object] = {}

	def make(
		self, doctype: str, at: datetime | None = None, by: str = "Administrator", **fields: Any
	) -> Document:
		"""Insert a record and remember it as made then by that user."""
		doc = frappe.get_doc({"doctype": doctype, **fields})
		doc.flags.no_welcome_mail = True
		return self.ledger.keep(doc.insert(), at or self.opening, by)

	def named(self, doctype: str, name: str, **fields: Any) -> str:
		"""Return a record by name, created if the site has none of it."""
		if not frappe.db.exists(doctype, name):
			naming_field = frappe.get_meta(doctype).autoname.removeprefix("field:")
			self.make(doctype, **{**fields, naming_field: name})
		return name

	@once
	def salesperson(self, number: int) -> str:
		"""Return one of those who sell; the first leads the others."""
		first, last, _share = people.SALESPEOPLE[number]
		return self.colleague(first, last, "Sales User", *([] if number else ["Sales Manager"]))

	@once
	def buyer(self) -> str:
		"""Return who asks suppliers, and alone with the manager sees what they answer."""
		return self.colleague(*people.BUYER, "Purchase User")

	def team(self, *members: str, manager: str) -> str:
		"""Return the sales team of those who sell."""
		rows = [{"user": user} for user in members]
		return self.named("Sales Team", people.TEAM, manager=manager, members=rows)

	def mail_template(self) -> None:
		"""Give those who sell a text to begin a mail with."""
		name, subject, response = texts.TEMPLATE
		if not frappe.db.exists("Email Template", name):
			self.make("Email Template", name=name, subject=subject, response=response)

	def colleague(self, first: str, last: str, *roles: str) -> str:
		"""Return the user of somebody who works here."""
		email = people.user_of(first, last)
		if not frappe.db.exists("User", email):
			with without_jobs():
				self.make(
					"User",
					email=email,
					first_name=first,
					last_name=last,
					send_welcome_email=0,
					user_type="System User",
					roles=[{"role": role} for role in roles],
				)
		return email

	@once
	def item(self, product: catalogue.Product) -> str:
		return self.named(
			"Item",
			product.code,
			item_name=product.name,
			item_group=product.family,
			stock_uom=product.uom,
			standard_rate=self.price(product, self.base),
			description=product.description,
		)

	@once
	def taxes(self) -> str:
		"""Return the taxes of the demo company; they are no default, so that quotations of others stay without."""
		row = {"charge_type": "On Net Total", "description": catalogue.TAX, "rate": catalogue.TAX_RATE}
		return self.named("Sales Taxes and Charges Template", catalogue.TAX, taxes=[row])

	@once
	def suppliers(self, family: str) -> list[str]:
		"""Return who offers the goods of a family, its maker first; nobody for services, which are the company's own."""
		makers = [maker for maker in catalogue.SUPPLIERS if maker[2] == family]
		if not makers:
			return []
		name, country, _family = self.rng.choice(makers)
		return [self.supplier(*each) for each in ((name, country), *catalogue.TRADERS)]

	@once
	def supplier(self, name: str, country: str) -> str:
		supplier = self.make("Supplier", supplier_name=name, country=country)
		home = [region for region in people.REGIONS if region.country == country] or people.REGIONS[2:]
		self.contact(supplier, home[0], name)
		return supplier.name

	def currency(self, region: people.Region) -> str:
		"""Return what a region pays in: its own currency, or the site's where the rate between them is not known."""
		if not {region.currency, self.base} <= catalogue.DOLLARS.keys():
			return self.base
		if region.currency != self.base:
			self.rates(region.currency)
		return region.currency

	@once
	def rates(self, currency: str) -> None:
		"""Exchange rates to the base currency, one a quarter."""
		middle = catalogue.DOLLARS[currency] / catalogue.DOLLARS[self.base]
		day = self.opening
		while day < self.now:
			rate = float(f"{middle * self.rng.uniform(0.97, 1.03):.6g}")
			pair = {"date": str(day.date()), "from_currency": currency, "to_currency": self.base}
			if not frappe.db.exists("Currency Exchange", pair):
				self.make("Currency Exchange", at=day, exchange_rate=rate, **pair)
			day += QUARTER

	def price(self, product: catalogue.Product, currency: str) -> float:
		"""Return the list price in a currency, three digits that count."""
		value = product.price / catalogue.DOLLARS.get(currency, 1)
		return round(value, 2 - floor(log10(value)))

	def region(self) -> people.Region:
		return self.rng.choices(people.REGIONS, [region.weight for region in people.REGIONS])[0]

	def company(self, region: people.Region) -> tuple[str, str]:
		"""Return a name no other company of the demo has, as long as there are any, and its industry."""
		for _attempt in range(20):
			business, industry = self.rng.choice(list(region.businesses.items()))
			name = f"{self.rng.choice(region.beginnings)} {business}"
			if name not in self.company_names:
				break
		self.company_names.add(name)
		return name, industry

	def person(self, region: people.Region, company: str) -> dict:
		"""Return the first and last name, e-mail and telephone of somebody at a company."""
		first, last = self.rng.choice(region.first_names), self.rng.choice(region.last_names)
		return {
			"first_name": first,
			"last_name": last,
			"email": f"{ascii_word(first)}.{ascii_word(last)}@{ascii_word(company)}.example",
			"phone": f"{region.phone}{self.rng.randrange(100, 1000)}",
		}

	def contact(self, party: Document, region: people.Region, company: str) -> None:
		person = self.person(region, company)
		self.make(
			"Contact",
			first_name=person["first_name"],
			last_name=person["last_name"],
			company_name=company,
			designation=self.rng.choice(people.JOB_TITLES),
			email_ids=[{"email_id": person["email"], "is_primary": 1}],
			phone_nos=[{"phone": person["phone"], "is_primary_phone": 1}],
			links=[{"link_doctype": party.doctype, "link_name": party.name}],
		)

	@once
	def customer(self, number: int) -> tuple[str, people.Region]:
		"""Make a customer with a contact; return its name and region."""
		region = self.region()
		name, industry = self.company(region)
		customer = self.make(
			"Customer",
			customer_name=name,
			territory=self.rng.choice(region.territories),
			country=region.country,
			industry=industry,
			default_currency=self.currency(region),
			account_manager=self.salesperson(number % len(people.SALESPEOPLE)),
			employees=self.rng.randrange(40, 4000, 10),
		)
		self.contact(customer, region, name)
		return customer.name, region

	def lead(self, owner: str, source: str, at: datetime, **fields: Any) -> tuple[str, people.Region]:
		"""Make a lead; return its name and region."""
		region = self.region()
		name, industry = self.company(region)
		person = self.person(region, name)
		lead = self.make(
			"Lead",
			at=at,
			by=owner,
			first_name=person["first_name"],
			last_name=person["last_name"],
			company_name=name,
			job_title=self.rng.choice(people.JOB_TITLES),
			email_id=person["email"],
			phone=person["phone"],
			lead_owner=owner,
			source=self.named("Lead Source", source),
			industry=industry,
			territory=self.rng.choice(region.territories),
			country=region.country,
			no_of_employees=self.rng.choice(EMPLOYEES),
			**fields,
		)
		return lead.name, region

	def party(self, planned: PlannedOpportunity) -> tuple[str, str, people.Region]:
		"""Type and name of an opportunity's party, and its region."""
		if planned.from_lead:
			owner = self.salesperson(planned.owner)
			return "Lead", *self.lead(owner, planned.source, planned.came_in - timedelta(hours=3))
		return "Customer", *self.customer(planned.company)


def ascii_word(text: str) -> str:
	"""`text` as it would stand in a web address."""
	umlauts = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
	word = frappe.scrub(text.lower().translate(umlauts)).replace("_", "-")
	parts = "".join(c if c.isalnum() else "-" for c in word).split("-")
	return "-".join(part for part in parts if part)
