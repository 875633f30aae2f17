"""The status of submittable documents."""

from typing import Any, overload

from frappe.utils.numbers import cint


class DocStatus(int):
	"""0 draft, 1 submitted, 2 cancelled."""

	def is_draft(self) -> bool:
		return self == 0

	def is_submitted(self) -> bool:
		return self == 1

	def is_cancelled(self) -> bool:
		return self == 2


class DocStatusOf:
	"""The attribute of documents that is read as a DocStatus, whatever was put into it."""

	@overload
	def __get__(self, doc: None, owner: type) -> "DocStatusOf": ...

	@overload
	def __get__(self, doc: object, owner: type) -> DocStatus: ...

	def __get__(self, doc: Any, owner: type) -> "DocStatus | DocStatusOf":
		return DocStatus(cint(vars(doc).get("docstatus"))) if doc is not None else self

	def __set__(self, doc: Any, value: Any) -> None:
		vars(doc)["docstatus"] = DocStatus(cint(value))
