"""New Email on a record of ours is to the address that the record has."""

import re
from pathlib import Path

import frappe

from crm_pipeline.install import APP, doctypes_of
from crm_pipeline.tests.base import TestCase

NAMED = re.compile(r'frm\.email_field = "(\w+)"')


def addressed() -> dict[str, str]:
	"""By DocType of ours that can be mailed from: the field that has an address."""
	metas = [frappe.get_meta(doctype) for doctype in doctypes_of(APP)]
	return {
		meta.name: df.fieldname
		for meta in metas
		for df in meta.fields
		if df.fieldtype == "Data" and df.options == "Email" and not meta.istable
	}


def script_of(doctype: str) -> str:
	"""What Desk runs for a form: the script of the DocType, and those that hooks add."""
	folder = Path(frappe.get_app_path(APP))
	added = frappe.get_hooks("doctype_js", app_name=APP).get(doctype, [])
	name = frappe.scrub(doctype)
	paths = [f"crm_pipeline/doctype/{name}/{name}.js", *([added] if isinstance(added, str) else added)]
	return "\n".join((folder / path).read_text() for path in paths)


class TestNewEmail(TestCase):
	def test_forms_name_the_field(self):
		for doctype, field in addressed().items():
			with self.subTest(doctype):
				script = script_of(doctype)
				self.assertIn(
					f"frm.doc.{field}" if doctype == "Customer" else f'email_field = "{field}"', script
				)
				self.assertEqual(len(NAMED.findall(script)), 1)

	def test_suppliers_are_written_to_by_their_contact(self):
		for doctype in ("Customer", "Supplier"):
			self.assertEqual(NAMED.findall(script_of(doctype)), ["__contact_email"])
