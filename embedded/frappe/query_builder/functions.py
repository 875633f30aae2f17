"""SQL functions of PyPika; those of Frappe that SQLite lacks need a bench."""

# ruff: noqa: F403
from pypika.functions import *
from pypika.functions import Function


class Cast_(Function):
	"""`value` cast to a type of SQLite; a varchar is a text there."""

	def __init__(self, value, as_type: str, alias: str | None = None):
		super().__init__("CAST", value, alias=alias)
		self.as_type = as_type

	def get_special_params_sql(self, **kwargs) -> str:
		return f"AS {self.as_type}"


class Round(Function):
	"""`term` rounded to so many decimals."""

	def __init__(self, term, decimal: int = 0, **kwargs):
		super().__init__("ROUND", term, decimal, **kwargs)
