"""The checks that Frappe makes on every document before it is written."""

from html import unescape
from typing import Any

import frappe
from frappe import _
from frappe.database.schema import TYPE_MAP
from frappe.model import table_fields
from frappe.types import _dict
from frappe.utils import cint, cstr, flt, strip_html
from frappe.utils.html_utils import sanitize_html

LARGEST_INT = 2**31 - 1
PYTHON_MODES = {"Python": "exec", "PythonExpression": "eval"}


class Validation:
	"""Mixed into documents and child rows; every check raises its own subclass of ValidationError."""

	def _get_missing_mandatory_fields(self) -> list[tuple[str, str]]:
		"""Their names, each with the message that asks for it."""
		missing = [df for df in self.meta.fields if df.reqd and not self._has_content(df)]
		if self.meta.istable:
			missing += [
				_dict(fieldname=key, label=key) for key in ("parent", "parenttype") if not self.get(key)
			]
		message, place = _("Error: Value missing for {0}: {1}"), self._place()
		return [(df.fieldname, message.format(place, _(df.label))) for df in missing]

	def _has_content(self, df: _dict) -> bool:
		value = self.get(df.fieldname)
		if df.fieldtype in table_fields:
			return bool(value)
		text = cstr(value)
		return bool(strip_html(text).strip()) or (df.fieldtype == "Text Editor" and "<img" in text)

	def _place(self) -> str:
		row = f" {_('Row')} #{self.idx}" if self.get("parentfield") else ""
		return frappe.bold(_(self.doctype)) + row

	def get_invalid_links(self, is_submittable: bool = False) -> tuple[list[tuple], list[tuple]]:
		"""Links to nothing and links to cancelled documents: field, name, and the message that names them.

		On the way, fields fetched from linked records are filled."""
		invalid, cancelled = [], []
		for df in self.meta.of_type("Link", "Dynamic Link"):
			value = self.get(df.fieldname)
			if not value:
				continue
			doctype = self._linked_doctype(df)
			found = self._fetch_from_link(df, doctype, value)
			prefix = f"{_('Row')} #{self.idx}: " if self.get("parentfield") else ""
			if not found:
				invalid.append((df.fieldname, value, f"{prefix}{_(df.label)}: {value}"))
			elif is_submittable and df.fieldname != "amended_from" and _is_cancelled(doctype, found):
				cancelled.append((df.fieldname, value, f"{prefix}{_(df.label)}: {value}"))
		return invalid, cancelled

	def _linked_doctype(self, df: _dict) -> str:
		if df.fieldtype == "Link":
			return df.options
		return self.get(df.options) or frappe.throw(
			_("{0} must be set first").format(self.meta.get_label(df.options))
		)

	def _fetch_from_link(self, df: _dict, doctype: str, value: Any) -> str | None:
		"""The stored name of the linked record, None if there is none."""
		meta = frappe.get_meta(doctype)
		if meta.issingle:
			return doctype
		fetched = [
			(each, each.fetch_from.split(".")[-1])
			for each in self.meta.get_fields_to_fetch(df.fieldname)
			if not each.fetch_if_empty or not self.get(each.fieldname)
		]
		columns = ["name", *(source for _each, source in fetched)]
		row = frappe.db.get_value(doctype, value, columns, as_dict=True, cache=not fetched, order_by=None)
		if not row:
			return None
		self.set(df.fieldname, row.name)
		for each, source in fetched:
			if self.is_new() or not self.docstatus.is_submitted() or each.allow_on_submit:
				rich = meta.has_field(source) and meta.get_field(source).fieldtype == "Text Editor"
				plain = rich and row[source] and each.fieldtype in ("Small Text", "Text", "Data")
				self.set(each.fieldname, unescape(strip_html(row[source])) if plain else row[source])
		return row.name

	def _validate_own_fields(self) -> None:
		"""The checks that concern one row alone, a document's or a child's."""
		self._validate_data_fields()
		self._validate_selects()
		self._validate_non_negative()
		self._validate_length()
		self._validate_code_fields()
		self._repeat_name()
		self._sanitize_content()
		self._hide_passwords()

	def _validate_data_fields(self) -> None:
		utils = frappe.utils
		for df in self.meta.of_type("Data"):
			value = self.get(df.fieldname)
			if df.options == "Email" and not {self.owner, value} <= set(frappe.STANDARD_USERS):
				for address in utils.split_emails(value):
					utils.validate_email_address(address, throw=True)
			elif df.options == "Name":
				utils.validate_name(value, throw=True)
			elif df.options == "Phone":
				utils.validate_phone_number(value, throw=True)
			elif df.options == "URL" and value:
				utils.validate_url(value, throw=True)

	def _validate_selects(self) -> None:
		for df in self.meta.of_type("Select") if not frappe.flags.in_import else ():
			if df.fieldname == "naming_series" or not (self.get(df.fieldname) and (df.options or "").strip()):
				continue
			options = df.options.split("\n")
			value = cstr(self.get(df.fieldname)).strip()
			self.set(df.fieldname, value)
			if value not in options:
				message = _('{0} cannot be "{1}". It should be one of "{2}"')
				frappe.throw(message.format(_(df.label), value, '", "'.join(options)))

	def _validate_non_negative(self) -> None:
		for df in self.meta.of_type("Int", "Float", "Currency"):
			if df.non_negative and flt(self.get(df.fieldname)) < 0:
				message = _("Value cannot be negative for {0}: {1}").format(
					self._place(), frappe.bold(_(df.label))
				)
				frappe.throw(message, frappe.NonNegativeError, title=_("Negative Value"))

	def _validate_length(self) -> None:
		if frappe.flags.in_install or self.meta.issingle:
			return
		for fieldname, value in self.get_valid_dict().items():
			limit = _limit_of(self.meta.get_field(fieldname))
			if limit and limit.measure(value) > limit.largest:
				self._refuse_length(self.meta.get_field(fieldname), limit.largest, value)

	def _refuse_length(self, df: _dict, largest: int, value: Any) -> None:
		message = _("{0}: '{1}' ({3}) will get truncated, as max characters allowed is {2}")
		message = message.format(self._place(), frappe.bold(_(df.label)), largest, value)
		frappe.throw(message, frappe.CharacterLengthExceededError, title=_("Value too big"))

	def _validate_code_fields(self) -> None:
		"""Refuse what is no Python where users write some."""
		for df in self.meta.of_type("Code"):
			try:
				if mode := PYTHON_MODES.get(df.options):
					compile((self.get(df.fieldname) or "None").strip(), "<field>", mode)
			except SyntaxError as error:
				frappe.throw(f"{df.label}: {error.msg}", title=_("Syntax Error"))

	def _repeat_name(self) -> None:
		"""A document named by a field keeps that field equal to its name."""
		if self.name and (fieldname := self.meta.get_naming_field()):
			self.set(fieldname, self.name)

	def _sanitize_content(self) -> None:
		"""Clean HTML out of all texts but those that may carry it."""
		if frappe.flags.in_install:
			return
		for fieldname, value in self.get_valid_dict().items():
			if not isinstance(value, str) or ("<" not in value and ">" not in value):
				continue
			df = self.meta.get_field(fieldname)
			if not (df and self._keeps_html(df)):
				self.set(fieldname, sanitize_html(value))

	def _keeps_html(self, df: _dict) -> bool:
		return bool(
			df.ignore_xss_filter
			or (df.fieldtype in ("Data", "Small Text", "Text") and df.options == "Email")
			or df.fieldtype in ("Attach", "Attach Image", "Code")
			or self.docstatus.is_cancelled()
			or (self.docstatus.is_submitted() and not df.allow_on_submit)
		)

	def _hide_passwords(self) -> None:
		"""Move passwords into the table of secrets and leave asterisks in their place."""
		from frappe.utils.password import keep_secret

		sent = {df.fieldname: self.get(df.fieldname) or "" for df in self.meta.of_type("Password")}
		for fieldname, secret in sent.items():
			if not secret or secret.strip("*"):
				keep_secret((self.doctype, self.name, fieldname), secret)
		self.update({fieldname: "*" * len(secret) for fieldname, secret in sent.items() if secret})

	def _validate_update_after_submit(self) -> None:
		stored = frappe.get_doc(self.doctype, self.name)
		for df in self.meta.of_type(*TYPE_MAP, *table_fields):
			before, after = stored.get(df.fieldname), self.get(df.fieldname)
			if df.allow_on_submit or not (before or after):
				continue
			if df.fieldtype in table_fields:
				before, after = len(before), len(after)
			else:
				before, after = (_comparable(doc.get_value(df.fieldname)) for doc in (stored, self))
			if before != after:
				row = f"Row #{self.idx}:" if self.get("parent") else ""
				message = _("{0} Not allowed to change {1} after submission from {2} to {3}")
				message = message.format(
					row, frappe.bold(_(df.label)), frappe.bold(before), frappe.bold(after)
				)
				frappe.throw(message, frappe.UpdateAfterSubmitError, title=_("Cannot Update After Submit"))


def _is_cancelled(doctype: str, name: str) -> bool:
	return frappe.get_meta(doctype).is_submittable and frappe.db.get_value(doctype, name, "docstatus") == 2


def _comparable(value: Any) -> Any:
	return round(value, 9) if isinstance(value, float) else value


def _limit_of(df: _dict | None) -> _dict | None:
	"""How large a value of a field may be, and how its size is measured; None where only the database knows."""
	kind, size = TYPE_MAP[df.fieldtype] if df and df.fieldtype != "Check" else ("", "")
	if kind == "int":
		return _dict(largest=LARGEST_INT, measure=lambda value: abs(cint(value)))
	if kind == "varchar":
		return _dict(largest=cint(df.length) or cint(size), measure=lambda value: len(cstr(value)))
	return None
