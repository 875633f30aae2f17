"""SQL functions of PyPika; those of Frappe that SQLite lacks need a bench."""

# ruff: noqa: F403
from pypika.functions import *
