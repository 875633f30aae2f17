"""frappe.qb: PyPika with Frappe's table names, bound parameters and `.run()`."""

from frappe.query_builder import functions
from frappe.query_builder.builder import DocType, Table, builder
from pypika import Case, Criterion, Field, Order

__all__ = ["Case", "Criterion", "DocType", "Field", "Order", "Table", "builder", "functions"]
