"""The files of a page of ours: which they are, when they changed, and the texts that stand in them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import get_assets_json

# A text to translate in JavaScript: `__("…")`, in template literals too.
TEXT = re.compile(r'\b__\(\s*"((?:[^"\\]|\\.)*)"')


def assets_version(page: str) -> str:
	"""Return what changes with every change of a page's files, which browsers may keep for a year."""
	newest = max(file.stat().st_mtime_ns for file in folder_of(page).rglob("*"))
	return f"{newest // 1_000_000:x}"


def modules_of(page: str) -> list[str]:
	"""Return the paths of a page's JavaScript modules below its folder."""
	folder = folder_of(page)
	return sorted(str(file.relative_to(folder)) for file in folder.rglob("*.js"))


def bundle_of(page: str) -> str | None:
	"""Return the address of the one file that `bench build` made of a page's modules, None where it has made none."""
	return (get_assets_json() or {}).get(f"{page}_page.bundle.js")


def sheets_of(page: str) -> list[str]:
	"""Return the names of a page's style sheets: first what all lean on, last what changes it for narrow windows."""
	names = {file.stem for file in (folder_of(page) / "styles").glob("*.css")}
	return ["base", *sorted(names - {"base", "dark", "narrow"}), "narrow"]


def import_map(page: str) -> str:
	"""Return the import map by which a page's modules are fetched with their version, whoever imports them."""
	address, version = f"/assets/crm_pipeline/{page}/", assets_version(page)
	return in_markup(
		{"imports": {address + each: f"{address}{each}?v={version}" for each in modules_of(page)}}
	)


def in_markup(data: dict) -> str:
	"""Return JSON that may stand within a script element."""
	return json.dumps(data, ensure_ascii=False, default=str).replace("<", "\\u003c")


def texts_of(page: str) -> dict[str, str]:
	"""Return the texts of a page's modules that the user's language has other words for."""
	texts = {text for file in folder_of(page).rglob("*.js") for text in texts_in(file.read_text())}
	translated = {text: _(text) for text in sorted(texts)}
	return {text: other for text, other in translated.items() if text != other}


def texts_in(code: str) -> Iterator[str]:
	"""Yield the texts to translate that stand in JavaScript."""
	for found in TEXT.finditer(code):
		yield re.sub(r"\\(.)", r"\1", found.group(1))


def folder_of(page: str) -> Path:
	return Path(frappe.get_app_path("crm_pipeline", "public", page))
