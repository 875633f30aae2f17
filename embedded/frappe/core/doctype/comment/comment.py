import json

import frappe
from frappe.model.document import Document
from frappe.utils.html_utils import sanitize_html

COMMENTS_KEPT = 100
CHARACTERS_KEPT = 100


class Comment(Document):
	def validate(self):
		self.comment_email = self.comment_email or frappe.session.user
		self.content = sanitize_html(self.content, always_sanitize=True)

	def on_update(self):
		if self.comment_type == "Comment":
			update_comment_in_doc(self)

	def on_trash(self):
		if _has_column(self):
			_keep(self, [comment for comment in _kept(self) if comment["name"] != self.name])


def update_comment_in_doc(doc) -> None:
	"""Keep the beginning of a comment or communication in the column _comments of its document.

	Lists count and show it without reading the comments themselves."""
	if not doc.content or not _has_column(doc):
		return
	text = doc.content if len(doc.content) <= CHARACTERS_KEPT else f"{doc.content[: CHARACTERS_KEPT - 3]}..."
	by = doc.get("comment_email") or doc.get("sender") or doc.owner
	comments = {comment["name"]: comment for comment in _kept(doc)}
	comments[doc.name] = {"by": by, **comments.get(doc.name, {}), "comment": text, "name": doc.name}
	_keep(doc, list(comments.values()))


def _has_column(doc) -> bool:
	is_linked = doc.reference_doctype and doc.reference_name
	return bool(is_linked and not frappe.get_meta(doc.reference_doctype).issingle)


def _kept(doc) -> list[dict]:
	return json.loads(frappe.db.get_value(doc.reference_doctype, doc.reference_name, "_comments") or "[]")


def _keep(doc, comments: list[dict]) -> None:
	"""Write the newest comments without changing the document's timestamp."""
	kept = json.dumps(comments[-COMMENTS_KEPT:])
	frappe.db.set_value(doc.reference_doctype, doc.reference_name, "_comments", kept, update_modified=False)
