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
		update_comment_in_doc(self)

	def on_trash(self):
		comments = [c for c in get_comments_from_parent(self) if c.get("name") != self.name]
		update_comments_in_parent(self.reference_doctype, self.reference_name, comments)


def update_comment_in_doc(doc) -> None:
	"""Keep the beginning of a comment or communication in the column _comments of its document.

	Lists count and show it without reading the comments themselves."""
	if doc.doctype == "Comment" and doc.comment_type != "Comment":
		return
	if not (doc.reference_doctype and doc.reference_name and doc.content):
		return
	text = doc.content if len(doc.content) <= CHARACTERS_KEPT else f"{doc.content[: CHARACTERS_KEPT - 3]}..."
	comments = get_comments_from_parent(doc)
	for comment in comments:
		if comment.get("name") == doc.name:
			comment["comment"] = text
			break
	else:
		by = doc.get("comment_email") or doc.get("sender") or doc.owner
		comments.append({"comment": text, "by": by, "name": doc.name})
	update_comments_in_parent(doc.reference_doctype, doc.reference_name, comments)


def get_comments_from_parent(doc) -> list[dict]:
	if not doc.reference_doctype or frappe.get_meta(doc.reference_doctype).issingle:
		return []
	kept = frappe.db.get_value(doc.reference_doctype, doc.reference_name, "_comments")
	return json.loads(kept or "[]")


def update_comments_in_parent(reference_doctype: str, reference_name: str, comments: list[dict]) -> None:
	"""Write the newest comments without changing the document's timestamp."""
	if not reference_doctype or not reference_name or frappe.get_meta(reference_doctype).issingle:
		return
	frappe.db.set_value(
		reference_doctype,
		reference_name,
		"_comments",
		json.dumps(comments[-COMMENTS_KEPT:]),
		update_modified=False,
	)
