"""Translation: the embedded host speaks English, as a Frappe site without another language does."""

from frappe.runtime.context import local
from frappe.runtime.missing import missing


def _(msg, lang: str | None = None, context: str | None = None) -> str:
	"""`msg` as it is: English is the language of the messages themselves."""
	lang = lang or getattr(local, "lang", None) or "en"
	if lang != "en":
		raise missing(f"The language {lang!r}")
	return msg
