import frappe
from frappe.model import no_value_fields, table_fields
from frappe.model.document import Document


class Version(Document):
	"""What one save of a document changed."""

	def update_version_info(self, old: Document | None, new: Document) -> bool:
		"""Take the differences between two states. Returns whether there are any."""
		diff = get_diff(old, new) if old else None
		if not diff:
			return False
		self.ref_doctype, self.docname = new.doctype, new.name
		self.data = frappe.as_json(diff, indent=None, separators=(",", ":"))
		return True


def get_diff(old: Document, new: Document) -> "frappe._dict | None":
	"""Return changed values, and rows added, removed and changed; None if all is the same."""
	out = frappe._dict(changed=[], added=[], removed=[], row_changed=[])
	for df in new.meta.fields:
		if df.fieldtype in table_fields:
			_compare_rows(df.fieldname, old, new, out)
		elif df.fieldtype not in no_value_fields:
			out.changed.extend(_change(df, old, new))
	if old.docstatus != new.docstatus:
		out.changed.append(["docstatus", old.docstatus, new.docstatus])
	return out if any(out.values()) else None


def _change(df, old: Document, new: Document) -> list[list]:
	before, after = old.get(df.fieldname), new.get(df.fieldname)
	if before == after or not (before or after):
		return []
	return [[df.fieldname, old.get_formatted(df.fieldname), new.get_formatted(df.fieldname)]]


def _compare_rows(fieldname: str, old: Document, new: Document, out) -> None:
	before = {row.name: row for row in old.get(fieldname) or []}
	after = {row.name: row for row in new.get(fieldname) or []}
	out.added.extend([fieldname, row.as_dict()] for name, row in after.items() if name not in before)
	out.removed.extend([fieldname, row.as_dict()] for name, row in before.items() if name not in after)
	for index, (name, row) in enumerate(after.items()):
		fields = (
			[df for df in row.meta.fields if df.fieldtype not in no_value_fields] if name in before else ()
		)
		if changes := [change for df in fields for change in _change(df, before[name], row)]:
			out.row_changed.append([fieldname, index, name, changes])
