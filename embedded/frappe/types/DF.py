"""The types of fields by their kinds, as Frappe names them in the annotations of controllers."""

from typing import Any, Literal  # noqa: F401 (of a Select)

Autocomplete = str
Check = int
Code = str
Currency = float
Data = str
Date = Any  # text as it was sent, a date as it is stored
Datetime = Any
DynamicLink = str
Float = float
Int = int
Link = str
LongText = str
Percent = float
SmallText = str
Table = list
TableMultiSelect = list
Text = str
TextEditor = str
