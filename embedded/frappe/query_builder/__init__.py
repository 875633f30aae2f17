"""frappe.qb: PyPika with Frappe's table names, bound parameters and `.run()`."""

from frappe.query_builder import functions
from frappe.query_builder.builder import DocType, Table, builder
from pypika import Case, Column, Criterion, Field, Interval, Order
from pypika.queries import Query

builder.functions = functions

__all__ = [
	"Case",
	"Column",
	"Criterion",
	"DocType",
	"Field",
	"Interval",
	"Order",
	"Query",
	"Table",
	"builder",
	"functions",
]
