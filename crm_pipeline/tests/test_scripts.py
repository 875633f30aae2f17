"""Scripts of Desk that Frappe runs as one: what two of them declare, none of them would survive."""

import re
from collections import Counter
from pathlib import Path

import frappe

from crm_pipeline import hooks
from crm_pipeline.install import APP
from crm_pipeline.tests.base import TestCase

DECLARED = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
INCLUDED = re.compile(r'{% include "crm_pipeline/(.+?)" %}')


def root() -> Path:
	return Path(frappe.get_app_path(APP))


def with_included(path: Path) -> list[Path]:
	return [path, *(root() / name for name in INCLUDED.findall(path.read_text()))]


def declared_twice(paths: list[Path]) -> set[str]:
	names = Counter(name for path in paths for name in DECLARED.findall(path.read_text()))
	return {name for name, times in names.items() if times > 1}


class TestScripts(TestCase):
	def test_scripts_of_a_form_declare_each_name_once(self):
		for doctype, scripts in hooks.doctype_js.items():
			with self.subTest(doctype):
				slug = frappe.scrub(doctype)
				own = root() / APP / "doctype" / slug / f"{slug}.js"
				added = [root() / script for script in ([scripts] if isinstance(scripts, str) else scripts)]
				self.assertEqual(declared_twice([*filter(Path.exists, [own]), *added]), set())

	def test_lists_and_reports_declare_no_name_of_what_they_include(self):
		paths = [*root().glob("*/doctype/*/*_list.js"), *root().glob("*/report/*/*.js")]
		self.assertTrue(paths)
		for path in paths:
			with self.subTest(path.name):
				self.assertEqual(declared_twice(with_included(path)), set())
