"""SQL functions of PyPika; those of Frappe that SQLite lacks need a bench."""

# ruff: noqa: F403
from typing import Any

from pypika.functions import *
from pypika.functions import Function


class Cast_(Function):
	"""`value` cast to a type of SQLite; a varchar is a text there."""

	def __init__(self, value: Any, as_type: str, alias: str | None = None) -> None:
		super().__init__("CAST", value, alias=alias)
		self.as_type = as_type

	def get_special_params_sql(self, **kwargs: Any) -> str:
		return f"AS {self.as_type}"


def Round(term: Any, decimal: int = 0, alias: str | None = None) -> Function:
	"""`term` rounded to so many decimals."""
	return Function("ROUND", term, decimal, alias=alias)
