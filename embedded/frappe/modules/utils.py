from frappe.modules import get_module_app, get_module_path, load_doctype_module, scrub

__all__ = ["get_module_app", "get_module_path", "load_doctype_module", "scrub"]
