"""What documents refuse to hold, whatever their DocType."""

import re

import frappe
from frappe import _

from crm_pipeline.exceptions import MarkupInName
from crm_pipeline.utils.customized_defaults import follow_renamed_default
from crm_pipeline.utils.guarded_document import GuardedDocument
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.validation import refuse_impossible_values

MARKUP = re.compile("[<>]")


class NamedDocument(GuardedDocument):
	"""A document that people give its name.

	Frappe shows names everywhere, in places as text and in places as markup, so they hold none.
	"""

	name_fields: tuple[str, ...] = ()

	def before_insert(self) -> None:
		for name in (self.name, self.get("__newname")):
			refuse_markup_in_name(name, self.doctype)
		self.refuse_markup_in_names()  # before Frappe makes a name from them, which it would refuse otherwise

	def before_validate(self) -> None:
		refuse_impossible_values(self)
		self.refuse_markup_in_names()

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		super().before_rename(old, new, merge)
		refuse_markup_in_name(new, self.doctype)

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		follow_renamed_default(self.doctype, old, new)
		# Frappe clears the cache at once: whoever asks until the commit caches the former name again.
		frappe.db.after_commit.add(frappe.clear_cache)

	def refuse_markup_in_names(self) -> None:
		"""Check the names that this save brings; one that was there before stays usable."""
		for fieldname in self.name_fields:
			if self.is_new() or self.has_value_changed(fieldname):
				refuse_markup_in_name(self.get(fieldname), self.meta.get_label(fieldname))


def refuse_markup_in_name(name: str | None, label: str) -> None:
	"""Refuse a name that could be taken for markup.

	Args:
		label: what is named so, or the label of the field.

	Raises:
		MarkupInName
	"""
	if name and MARKUP.search(str(name)):
		frappe.throw(
			_("{0}: a name holds neither {1} nor {2}. Leave them out of {3}.").format(
				escaped(_(label)), escaped("<"), escaped(">"), bold(name)
			),
			MarkupInName,
			title=_("Name Not Possible"),
		)
