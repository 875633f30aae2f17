"""Translation: what apps have in `locale/<language>.po`, which a bench compiles and reads in the same way."""

from functools import lru_cache
from pathlib import Path

import frappe
from babel.messages.pofile import read_po
from frappe.runtime.context import local


def _(msg: str, lang: str | None = None, context: str | None = None) -> str:
	"""Return `msg` in a language, by default that of the session; as it is where nobody translated it."""
	lang = lang or getattr(local, "lang", None) or "en"
	if not getattr(local, "initialised", False):
		return msg
	messages, key = get_all_translations(lang), str(msg or "").strip()
	return (context and messages.get(f"{key}:{context}")) or messages.get(key) or msg


def get_all_translations(lang: str) -> dict[str, str]:
	"""Return the texts of all installed apps by message, or by `message:context`; a dialect adds to its language."""
	if ("translations", lang) not in local.cache:
		parent = get_parent_language(lang)
		texts = dict(get_all_translations(parent)) if parent else {}
		for app in frappe.get_installed_apps():
			texts.update(_read_catalogue(frappe.get_app_path(app, "locale"), lang))
		local.cache["translations", lang] = texts
	return local.cache["translations", lang]


@lru_cache
def _read_catalogue(folder: str, lang: str) -> dict[str, str]:
	path = Path(folder, f"{lang.replace('-', '_')}.po")
	if not path.is_file():
		return {}
	with path.open("rb") as file:
		entries = [entry for entry in read_po(file) if entry.id and not entry.fuzzy]
	return {f"{each.id}:{each.context}" if each.context else each.id: each.string for each in entries}


def get_parent_language(lang: str) -> str | None:
	"""Return the language of a dialect: `de` for `de-AT`."""
	parent = lang.replace("_", "-").partition("-")[0]
	return parent if parent != lang else None


def get_user_lang(user: str | None = None) -> str:
	"""Return a user's own language, else that of the site."""
	languages = (
		frappe.get_cached_value("User", user or frappe.session.user, "language"),
		frappe.get_system_settings("language"),
		local.lang,
	)
	return next(filter(None, languages), "en")


def get_language() -> str:
	"""Return the language of this request: the user's; of a guest the first that they ask for and the site knows."""
	if frappe.form_dict.get("_lang"):
		raise frappe.missing("A request with _lang")
	if frappe.session.user != "Guest":
		return get_user_lang()
	known = frappe.get_all("Language", filters={"enabled": 1}, pluck="name")
	cookie = frappe.request.cookies.get("preferred_language", "")
	for lang in (cookie, *frappe.request.accept_languages.values()):
		if found := {lang, get_parent_language(lang)}.intersection(known):
			return max(found)  # the dialect, whose code is the longer one
	return frappe.get_system_settings("language") or "en"
