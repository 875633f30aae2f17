"""The embedded host's DocTypes are those of a bench: their fields, names, rights, and what it says it lacks."""

import ast
import json
from pathlib import Path

import frappe
import pytest

import crm_pipeline
from crm_pipeline.tests.base import TestCase

HOST = Path(crm_pipeline.__file__).resolve().parents[1] / "embedded" / "frappe"
# the host reads these from its files before it has any table
DESCRIBING = ("DocType", "DocField", "DocPerm", "DocType Action", "DocType Link", "DocType State")
LAYOUT = ("Section Break", "Column Break", "Tab Break", "HTML", "Button", "Image", "Fold", "Heading")
RIGHTS = (
	*("select", "read", "write", "create", "delete", "submit", "cancel", "amend"),
	*("print", "email", "report", "import", "export", "share"),
)
FLAGS = (
	*("reqd", "unique", "permlevel", "set_only_once", "fetch_if_empty", "allow_on_submit"),
	*("ignore_user_permissions", "length", "no_copy", "non_negative", "ignore_xss_filter"),
)
TEXTS = ("fieldtype", "options", "default", "fetch_from", "precision")
DOCTYPE_FLAGS = (
	*("istable", "issingle", "is_submittable", "allow_rename", "allow_import", "translated_doctype"),
	"show_title_field_in_link",
)
DOCTYPE_TEXTS = ("autoname", "title_field", "search_fields", "sender_field", "subject_field")
ABSENT = None
KEPT_BY_CORE = {"_user_tags", "_comments", "_liked_by", "_assign", "_seen"}
# What the host lacks behind them
OWN = {
	("User", "send_welcome_email", "default"): "it sends no welcome mail",
	("System Settings", "rounding_method", "options"): "it rounds by no method of the past",
	("System Settings", "rounding_method", "default"): "it rounds by no method of the past",
}
# What a version has where the host follows the other one
OF_VERSION = json.loads(Path(__file__).with_name("core_of_versions.json").read_text())


def read_host() -> dict[str, dict]:
	"""Return the descriptions of the host's DocTypes by their names."""
	read = (json.loads(path.read_text()) for path in sorted(HOST.glob("*/doctype/*/*.json")))
	return {each["name"]: each for each in read if each.get("doctype") == "DocType"}


def fields_of(described: dict, names: set[str]) -> dict[str, dict]:
	"""Return the fields that hold something; a link to what the host lacks is a text there."""
	fields = {}
	for df in described["fields"]:
		if df["fieldtype"] == "Link" and df.get("options") not in names:
			df = {**df, "fieldtype": "Data", "options": ""}
		if df["fieldtype"] not in LAYOUT:
			fields[df["fieldname"]] = properties_of(df)
	return fields


def properties_of(df: dict) -> dict:
	values = {key: str(df.get(key) or "") for key in TEXTS}
	values.update({key: int(df.get(key) or 0) for key in FLAGS})
	if values["default"] == "0":
		values["default"] = ""
	if df["fieldtype"] == "Select":
		values["options"] = "\n".join(dict.fromkeys(values["options"].split("\n")))
	return values


def doctype_of(described: dict) -> dict:
	values = {key: str(described.get(key) or "") for key in DOCTYPE_TEXTS}
	values.update({key: int(described.get(key) or 0) for key in DOCTYPE_FLAGS})
	# Frappe 15 sorts by the last change what 16 sorts by creation
	order = (described.get("sort_field") or "modified").replace("creation", "modified")
	return {**values, "order": f"{order} {(described.get('sort_order') or 'DESC').upper()}"}


def permissions_of(described: dict) -> dict[str, str]:
	"""Return what is granted, by role, level and whether to owners alone."""
	return {
		f"{row['role']}/{int(row.get('permlevel') or 0)}/{int(row.get('if_owner') or 0)}": " ".join(
			right for right in RIGHTS if row.get(right)
		)
		for row in described.get("permissions") or []
	}


def members_of(paths: list[str], *classes: str) -> set[str]:
	"""Return the names that classes in the host's files define."""
	trees = [ast.parse((HOST / "model" / path).read_text()) for path in paths]
	found = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
	parts = [part for each in found if each.name in classes for part in ast.walk(each)]
	named = {part.name for part in parts if isinstance(part, ast.FunctionDef)}
	return named | {part.id for part in parts if isinstance(part, ast.Name)}


@pytest.mark.bench_only("This compares the embedded host with a bench.")
class TestCoreFollows(TestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.host = read_host()
		cls.lacking = json.loads((HOST / "runtime" / "bench_only.json").read_text())
		cls.of_version = OF_VERSION.get(frappe.__version__.split(".")[0], {})

	def compare(self, check):
		"""Check what the host says of each DocType with what the bench says, and where they may differ."""
		for name in sorted(self.host.keys() - set(DESCRIBING)):
			with self.subTest(name):
				theirs = frappe.get_doc("DocType", name).as_dict()
				check(self.host[name], theirs, self.of_version.get(name, {}))

	def test_every_field_is_there_and_the_same(self):
		self.compare(self.check_fields)

	def check_fields(self, ours: dict, theirs: dict, stated: dict):
		names = set(self.host)
		here, there = fields_of(ours, names), fields_of(theirs, names)
		absent = {name for name in here if stated.get(name, {}) is ABSENT}
		self.assertEqual(here.keys() - there.keys(), absent)
		for name in here.keys() - absent:
			changed = stated.get(name, {})
			own = {
				key: here[name][key]
				for doctype, field, key in OWN
				if (doctype, field) == (ours["name"], name)
			}
			self.assertEqual({**here[name], **changed}, {**there[name], **own}, name)

	def test_what_is_left_out_is_named(self):
		self.compare(self.check_lacking)

	def check_lacking(self, ours: dict, theirs: dict, stated: dict):
		names = set(self.host)
		absent = fields_of(theirs, names).keys() - fields_of(ours, names).keys()
		named = self.lacking.get(ours["name"], "").split()
		self.assertEqual(absent - set(named) - KEPT_BY_CORE, set())

	def test_names_orders_and_kinds(self):
		self.compare(
			lambda ours, theirs, stated: self.assertEqual(
				{**doctype_of(ours), **stated.get("", {})}, doctype_of(theirs)
			)
		)

	def test_permissions(self):
		self.compare(
			lambda ours, theirs, stated: self.assertEqual(
				{**permissions_of(ours), **stated.get("permissions", {})}, permissions_of(theirs)
			)
		)

	def test_every_doctype_it_lacks_is_one_of_a_bench(self):
		known = set(frappe.get_all("DocType", {"module": ["!=", "CRM Pipeline"]}, pluck="name"))
		here = set(self.host) | set(self.lacking["DocTypes"].split(", "))
		self.assertEqual({name for name in known - here if is_of_core(name)}, set())

	def test_every_public_member_is_there_or_named(self):
		from frappe.model.document import Document
		from frappe.model.meta import Meta

		files = [f"{name}.py" for name in ("document", "document_actions", "document_checks")]
		files += ["base_document.py", "validation.py"]
		mixed = ("Document", "DocumentActions", "DocumentChecks", "BaseDocument", "Validation")
		here = {"Document": members_of(files, *mixed), "Meta": members_of(["meta.py"], "Meta")}
		for kind, theirs in (("Document", set(dir(Document))), ("Meta", set(dir(Meta)) - set(dir(Document)))):
			with self.subTest(kind):
				public = {name for name in theirs if not name.startswith("_")}
				self.assertEqual(public - here[kind] - set(self.lacking[kind].split()), set())


def is_of_core(doctype: str) -> bool:
	module = frappe.get_meta(doctype).module
	return frappe.db.get_value("Module Def", module, "app_name") == "frappe" and not doctype.startswith(
		"Test"
	)
