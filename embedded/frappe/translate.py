"""Translation: the embedded host speaks English, as a Frappe site without another language does."""

import functools

from frappe.runtime.context import local


def _(msg, lang: str | None = None, context: str | None = None) -> str:
	"""`msg` in the user's language, or as it is where no translation exists."""
	if isinstance(msg, _LazyTranslate):
		msg = msg.msg
	if not isinstance(msg, str):
		return msg
	translations = get_all_translations(lang or getattr(local, "lang", None) or "en")
	return translations.get(f"{msg}:{context}") or translations.get(msg.strip()) or msg


@functools.total_ordering
class _LazyTranslate:
	"""A message that is translated when it is shown, for module-level constants."""

	__slots__ = ("context", "lang", "msg")

	def __init__(self, msg: str, lang: str | None = None, context: str | None = None):
		self.msg, self.lang, self.context = msg, lang, context

	def __str__(self) -> str:
		return _(self.msg, self.lang, self.context)

	def __add__(self, other):
		return str(self) + str(other)

	def __radd__(self, other):
		return str(other) + str(self)

	def __eq__(self, other):
		return str(self) == str(other)

	def __lt__(self, other):
		return str(self) < str(other)

	def __hash__(self):
		return hash(str(self))

	def __getattr__(self, name):
		return getattr(str(self), name)


def _lt(msg: str, lang: str | None = None, context: str | None = None) -> _LazyTranslate:
	return _LazyTranslate(msg, lang, context)


def get_all_translations(lang: str) -> dict[str, str]:
	"""The catalogue of `lang`: empty for English, which is the language of the messages themselves."""
	if lang in ("en", None) or not getattr(local, "db", None):
		return {}
	raise NotImplementedError(f"frappe.translate for language {lang!r}: the embedded host is English, a bench has it")
