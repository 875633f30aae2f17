"""`python on_site ACTION SITE GIVEN NOTED`: do something on a site with the app that stands first on the path."""

import importlib
import importlib.util
import json
import sys
from pathlib import Path


def main(action: str, site: str, given: str, noted: str) -> None:
	"""Run the action of that module with what is given, and write down what it returns."""
	if importlib.util.find_spec("embedded"):
		from embedded import activate

		activate()
	import frappe

	frappe.init(site)
	frappe.connect()
	frappe.clear_cache()  # a worker of the bench may have kept the hooks of its own copy of the app
	try:
		result = importlib.import_module(action).run(json.loads(Path(given).read_text()))
		frappe.db.commit()
	finally:
		frappe.destroy()
	Path(noted).write_text(json.dumps(result or {}, default=str))


if __name__ == "__main__":
	main(*sys.argv[1:])
