"""The checks that Frappe makes on every document before it is written."""

import datetime

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.model.docstatus import DocStatus
from frappe.types import _dict
from frappe.utils import cint, cstr, flt, strip_html

LARGEST_INT = {"int": 2**31 - 1, "bigint": 2**63 - 1}


class Validation:
	"""Mixed into documents and child rows; every check raises its own subclass of ValidationError."""

	def _label(self, df) -> str:
		return frappe.bold(_(df.label))

	def _get_missing_mandatory_fields(self) -> list[tuple[str, str]]:
		missing = [
			(df.fieldname, self._missing_message(df))
			for df in self.meta.fields
			if df.reqd and not self._has_content(df)
		]
		if self.meta.istable:
			parents = ("parent", "parenttype")
			missing += [(key, self._missing_message(_dict(label=key))) for key in parents if not self.get(key)]
		return missing

	def _has_content(self, df) -> bool:
		value = self.get(df.fieldname)
		if df.fieldtype in table_fields:
			return bool(value)
		text = cstr(value)
		shows_html = df.fieldtype == "Text Editor" or (df.fieldtype == "Code" and df.options == "HTML")
		return bool(strip_html(text).strip()) or (shows_html and "<img" in text)

	def _missing_message(self, df) -> str:
		if df.fieldtype in table_fields:
			return "{}: {}: {}".format(_("Error"), _("Data missing in table"), _(df.label))
		if self.get("parentfield"):
			row = f"{frappe.bold(_(self.doctype))} {_('Row')} #{self.idx}"
			return "{}: {}: {}: {}".format(_("Error"), row, _("Value missing for"), _(df.label))
		return _("Error: Value missing for {0}: {1}").format(_(df.parent), _(df.label))

	def get_invalid_links(self, is_submittable: bool = False) -> tuple[list, list]:
		"""Links to nothing and links to cancelled documents, as (fieldname, value, message).

		On the way, fields fetched from linked records are filled."""
		invalid, cancelled = [], []
		for df in self.meta.get_link_fields() + self.meta.get_dynamic_link_fields():
			value = self.get(df.fieldname)
			if not value or df.is_virtual:
				continue
			doctype = self._linked_doctype(df)
			found = self._fetch_from_link(df, doctype, value)
			entry = (df.fieldname, value, self._link_message(df, value))
			if not found:
				invalid.append(entry)
			elif self._links_cancelled(df, doctype, found, is_submittable):
				cancelled.append(entry)
		return invalid, cancelled

	def _linked_doctype(self, df) -> str:
		if df.fieldtype == "Link":
			return df.options or frappe.throw(_("Options not set for link field {0}").format(df.fieldname))
		return self.get(df.options) or frappe.throw(
			_("{0} must be set first").format(self.meta.get_label(df.options))
		)

	def _link_message(self, df, value) -> str:
		prefix = f"{_('Row')} #{self.idx}: " if self.get("parentfield") else ""
		return f"{prefix}{_(df.label)}: {value}"

	def _fetch_from_link(self, df, doctype: str, value) -> str | None:
		"""The stored name of the linked record, None if there is none."""
		if frappe.get_meta(doctype).issingle:
			return doctype
		fetched = [
			each
			for each in self.meta.get_fields_to_fetch(df.fieldname)
			if not each.fetch_if_empty or not self.get(each.fieldname)
		]
		columns = ["name", *(each.fetch_from.split(".")[-1] for each in fetched)]
		row = frappe.db.get_value(doctype, value, columns, as_dict=True, cache=not fetched, order_by=None)
		if not row:
			return None
		setattr(self, df.fieldname, row.name)
		for each in fetched:
			if self.is_new() or not self.docstatus.is_submitted() or each.allow_on_submit:
				self._set_fetched(doctype, each, row[each.fetch_from.split(".")[-1]])
		return row.name

	def _set_fetched(self, doctype: str, df, value) -> None:
		source = frappe.get_meta(doctype).get_field(df.fetch_from.split(".")[-1])
		is_plain = df.fieldtype in ("Small Text", "Text", "Data")
		if value and is_plain and source and source.fieldtype == "Text Editor":
			from html import unescape

			value = unescape(strip_html(value))
		setattr(self, df.fieldname, value)

	def _links_cancelled(self, df, doctype: str, name: str, is_submittable: bool) -> bool:
		if df.fieldname == "amended_from" or not (is_submittable or self.meta.is_submittable):
			return False
		if not frappe.get_meta(doctype).is_submittable:
			return False
		return DocStatus(frappe.db.get_value(doctype, name, "docstatus") or 0).is_cancelled()

	def _validate_own_fields(self) -> None:
		"""The checks that concern one row alone, a document's or a child's."""
		self._validate_data_fields()
		self._validate_selects()
		self._validate_non_negative()
		self._validate_length()
		self._fix_rating_value()
		self._validate_code_fields()
		self._sync_autoname_field()
		self._sanitize_content()
		self._save_passwords()

	def _validate_data_fields(self) -> None:
		utils = frappe.utils
		for df in self.meta.get_phone_fields():
			utils.validate_phone_number_with_country_code(self.get(df.fieldname), df.fieldname)
		for df in self.meta.get_data_fields():
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
		if frappe.flags.in_import:
			return
		for df in self.meta.get_select_fields():
			if df.fieldname == "naming_series" or not (self.get(df.fieldname) and (df.options or "").strip()):
				continue
			options = df.options.split("\n")
			value = cstr(self.get(df.fieldname)).strip()
			self.set(df.fieldname, value)
			if value not in options and not (frappe.flags.in_test and value.startswith("_T-")):
				prefix = _("Row #{0}:").format(self.idx) if self.get("parentfield") else ""
				frappe.throw(
					_('{0} {1} cannot be "{2}". It should be one of "{3}"').format(
						prefix, _(df.label), value, '", "'.join(_(each) for each in options)
					)
				)

	def _validate_non_negative(self) -> None:
		for df in self.meta.fields:
			if not df.non_negative or df.fieldtype not in ("Int", "Float", "Currency"):
				continue
			if flt(self.get(df.fieldname)) >= 0:
				continue
			if self.get("parentfield"):
				where = f"{frappe.bold(_(self.doctype))} {_('Row')} #{self.idx}"
				message = f"{where}: {_('Value cannot be negative for')} {self._label(df)}"
			else:
				message = _("Value cannot be negative for {0}: {1}").format(_(df.parent), self._label(df))
			frappe.throw(message, frappe.NonNegativeError, title=_("Negative Value"))

	def _validate_length(self) -> None:
		if frappe.flags.in_install or self.meta.issingle:
			return
		for fieldname, value in self.get_valid_dict(ignore_virtual=True).items():
			df = self.meta.get_field(fieldname)
			if not df or df.fieldtype == "Check":
				continue
			kind, size = frappe.db.type_map[df.fieldtype]
			if kind == "varchar" and len(cstr(value)) > (cint(df.length) or cint(size)):
				self._refuse_length(df, cint(df.length) or cint(size), value)
			elif kind in LARGEST_INT:
				largest = LARGEST_INT["bigint" if cint(df.length) > 11 else kind]
				if abs(cint(value)) > largest:
					self._refuse_length(df, largest, value)

	def _refuse_length(self, df, largest: int, value) -> None:
		reference = f"{_(self.doctype)} {self.name}"
		if self.get("parentfield"):
			reference = _("{0}, Row {1}").format(_(self.doctype), self.idx)
		message = _("{0}: '{1}' ({3}) will get truncated, as max characters allowed is {2}")
		frappe.throw(
			message.format(reference, self._label(df), largest, value),
			frappe.CharacterLengthExceededError,
			title=_("Value too big"),
		)

	def _fix_rating_value(self) -> None:
		for df in self.meta._of_type("Rating"):
			self.set(df.fieldname, max(0, min(flt(self.get(df.fieldname)), 1)))

	def _validate_code_fields(self) -> None:
		for df in self.meta.get_code_fields():
			if df.options in ("Python", "PythonExpression"):
				frappe.utils.validate_python_code(
					self.get(df.fieldname), fieldname=df.label, is_expression=df.options != "Python"
				)

	def _sync_autoname_field(self) -> None:
		"""A document named by a field keeps that field equal to its name."""
		_before, is_field, fieldname = (self.meta.autoname or "").partition("field:")
		if is_field and fieldname and self.name:
			self.set(fieldname, self.name)

	def _sanitize_content(self) -> None:
		"""Clean HTML out of all texts but those that may carry it."""
		if frappe.flags.in_install:
			return
		from frappe.utils.html_utils import sanitize_html

		for fieldname, value in self.get_valid_dict(ignore_virtual=True).items():
			if not isinstance(value, str) or ("<" not in value and ">" not in value):
				continue
			df = self.meta.get_field(fieldname)
			if not self._keeps_html(df):
				self.set(fieldname, sanitize_html(value, linkify=bool(df and df.fieldtype == "Text Editor")))

	def _keeps_html(self, df) -> bool:
		if not df:
			return False
		return bool(
			df.ignore_xss_filter
			or (df.fieldtype in ("Data", "Small Text", "Text") and df.options == "Email")
			or df.fieldtype in ("Attach", "Attach Image", "Barcode", "Code")
			or self.docstatus.is_cancelled()
			or (self.docstatus.is_submitted() and not df.allow_on_submit)
		)

	def _save_passwords(self) -> None:
		"""Move passwords into the table of secrets and leave asterisks in their place."""
		ignored = self.flags.ignore_save_passwords
		fields = self.meta._of_type("Password") if ignored is not True else []
		for df in fields:
			if df.fieldname in (ignored or ()):
				continue
			from frappe.utils.password import remove_encrypted_password, set_encrypted_password

			value = self.get(df.fieldname)
			if not value:
				remove_encrypted_password(self.doctype, self.name, df.fieldname)
			elif not self.is_dummy_password(value):
				set_encrypted_password(self.doctype, self.name, value, df.fieldname)
				self.set(df.fieldname, "*" * len(value))

	def _validate_update_after_submit(self) -> None:
		stored = frappe.get_doc(self.doctype, self.name)
		for df in self.meta.fields:
			if df.allow_on_submit or df.is_virtual or (df.fieldtype in no_value_fields and df.fieldtype not in table_fields):
				continue
			before, after = stored.get(df.fieldname), self.get(df.fieldname)
			if not (before or after):
				continue
			if df.fieldtype in table_fields:
				before, after = len(before), len(after)
			else:
				before, after = _comparable(stored.get_value(df.fieldname)), _comparable(self.get_value(df.fieldname))
			if before != after:
				self._refuse_change_after_submit(df, before, after)

	def _refuse_change_after_submit(self, df, before, after) -> None:
		row = f"Row #{self.idx}:" if self.get("parent") else ""
		frappe.throw(
			_("{0} Not allowed to change {1} after submission from {2} to {3}").format(
				row, self._label(df), frappe.bold(before), frappe.bold(after)
			),
			frappe.UpdateAfterSubmitError,
			title=_("Cannot Update After Submit"),
		)


def _comparable(value):
	return round(value, 9) if isinstance(value, float) else str(value) if isinstance(value, datetime.time) else value
