"""Nothing is left out: a new DocType or endpoint fails here until the matrix has it."""

import json
from pathlib import Path

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.matrix import endpoints, own, table

FOLDER = endpoints.APP / "crm_pipeline" / "doctype"


class TestComplete(TestCase):
	def test_every_endpoint_is_in(self):
		endpoints.import_all()
		found, known = endpoints.declared() | endpoints.registered(), {*own.FUNCTIONS, *own.METHODS}
		self.assertFalse(
			found - known, "Say in crm_pipeline/tests/matrix/own.py how to ask these about a hidden record"
		)
		self.assertFalse(known - found, "Take these out of crm_pipeline/tests/matrix/own.py; they are gone")

	def test_source_and_registry_agree(self):
		endpoints.import_all()
		self.assertEqual(endpoints.declared(), endpoints.registered())

	def test_every_doctype_is_in(self):
		files = (file for file in FOLDER.glob("*/*.json"))
		doctypes = {json.loads(file.read_text())["name"] for file in files if _is_doctype(file)}
		self.assertFalse(
			doctypes - set(table.RIGHTS),
			"Say in crm_pipeline/tests/matrix/table.py who may see these, and make one in world.py",
		)


def _is_doctype(file: Path) -> bool:
	return file.stem == file.parent.name
