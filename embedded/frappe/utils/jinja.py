"""Jinja templates given as text, which users may edit (sandboxed); they can extend only those of the host."""

import re

import frappe
from jinja2 import DebugUndefined, PackageLoader, TemplateError
from jinja2.sandbox import SandboxedEnvironment

PATH = re.compile(r"[^\s{}<>]+\.(html|txt|md|xml|js|css)")


def get_jenv() -> SandboxedEnvironment:
	"""Return the environment of this request, with the globals that safe_exec offers too."""
	if not getattr(frappe.local, "jenv", None):
		from frappe.utils.safe_exec import get_safe_globals

		environment = SandboxedEnvironment(loader=PackageLoader("frappe", "."), undefined=DebugUndefined)
		environment.globals.update(get_safe_globals())
		frappe.local.jenv = environment
	return frappe.local.jenv


def render_template(template: str, context: dict | None = None, is_path: bool | None = None) -> str:
	"""Render a template given as text. Raises ValidationError for a faulty one."""
	text = template or ""
	if is_path is None:
		is_path = bool(PATH.fullmatch(text))
	if text and is_path:
		raise frappe.missing("Rendering a template by its path")
	if ".__" in text:
		frappe.throw(frappe._("Illegal template"))
	try:
		return get_jenv().from_string(text).render(context or {}) if text else ""
	except TemplateError:
		trace = frappe.get_traceback()
		frappe.throw(f"<pre>{text}</pre><pre>{trace}</pre>", title=frappe._("Jinja Template Error"))


def validate_template(html: str | None) -> None:
	"""Raises ValidationError where the text is no Jinja template."""
	try:
		get_jenv().from_string(html or "")
	except TemplateError as error:
		message = frappe._("Syntax error in template as line {0}: {1}")
		frappe.throw(message.format(error.lineno, error.message))
