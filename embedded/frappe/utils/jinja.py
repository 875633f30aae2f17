"""Jinja templates: of files in the installed apps, and of text that users may edit (sandboxed)."""

import importlib.util
import inspect
import re

from jinja2 import (
	ChoiceLoader,
	DebugUndefined,
	PackageLoader,
	PrefixLoader,
	TemplateError,
	TemplateNotFound,
	TemplateSyntaxError,
)
from jinja2.sandbox import SandboxedEnvironment

import frappe

PATH = re.compile(r"[^\s{}<>]+\.(html|txt|md|xml|js|css)")


def get_jenv() -> SandboxedEnvironment:
	"""Return the environment of this request, with the globals that safe_exec offers too."""
	if not getattr(frappe.local, "jenv", None):
		from frappe.utils.safe_exec import get_safe_globals

		environment = SandboxedEnvironment(loader=_loader(), undefined=DebugUndefined)
		environment.filters.update(_filters())
		environment.globals.update(get_safe_globals())
		hooks = frappe.get_hooks("jinja", {})
		for path in hooks.get("methods", []):
			environment.globals.update(_functions(path))
		for path in hooks.get("filters", []):
			environment.filters.update(_functions(path))
		frappe.local.jenv = environment
	return frappe.local.jenv


def get_template(path: str):
	return get_jenv().get_template(path)


def render_template(
	template: str, context: dict | None = None, is_path=None, safe_render: bool = True
) -> str:
	"""Render a template given as a path or as text. Raises ValidationError for a faulty text."""
	if not template:
		return ""
	if is_path or (is_path is None and PATH.fullmatch(template)):
		return get_template(template).render(context or {})
	if safe_render and ".__" in template:
		frappe.throw(frappe._("Illegal template"))
	try:
		return get_jenv().from_string(template).render(context or {})
	except TemplateError:
		message = f"<pre>{template}</pre><pre>{frappe.get_traceback()}</pre>"
		frappe.throw(message, title=frappe._("Jinja Template Error"))


def validate_template(html: str | None) -> None:
	"""Raises ValidationError where the text is no Jinja template."""
	try:
		get_jenv().from_string(html or "")
	except TemplateSyntaxError as error:
		frappe.throw(
			frappe._("Syntax error in template as line {0}: {1}").format(error.lineno, error.message)
		)


def get_email_from_template(name: str, args: dict | None) -> tuple[str, str | None]:
	"""Return the HTML and, where there is one, the text of templates/emails/NAME."""
	html = get_template(f"templates/emails/{name}.html").render(args or {})
	try:
		return html, get_template(f"templates/emails/{name}.txt").render(args or {})
	except TemplateNotFound:
		return html, None


def _loader() -> ChoiceLoader:
	"""Find APP/PATH, or a bare PATH in any app, the one installed last first."""
	apps = [*reversed(frappe.get_installed_apps()), "frappe"]
	packages = {app: PackageLoader(app, ".") for app in dict.fromkeys(apps)}
	return ChoiceLoader([PrefixLoader(packages), *packages.values()])


def _filters() -> dict:
	from frappe.utils import cint, cstr, flt

	return {"json": frappe.as_json, "len": len, "int": cint, "str": cstr, "flt": flt}


def _functions(path: str) -> dict:
	"""Return what a hook names: the functions of a module, or one function."""
	if not _is_module(path):
		function = frappe.get_attr(path)
		return {function.__name__: function}
	return dict(inspect.getmembers(frappe.get_module(path), inspect.isfunction))


def _is_module(path: str) -> bool:
	try:
		return importlib.util.find_spec(path) is not None
	except ModuleNotFoundError:
		return False
