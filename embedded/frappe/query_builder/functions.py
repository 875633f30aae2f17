"""SQL functions by Frappe's names; SQLite gets those it lacks from frappe.database.connection."""

# ruff: noqa: F403
from pypika.functions import *
from pypika.terms import Function


def _function(name: str) -> type[Function]:
	"""A class that renders `name(arguments)`."""

	def __init__(self, *args, **kwargs):
		Function.__init__(self, name, *args, alias=kwargs.get("alias"))

	return type(name.title().replace("_", ""), (Function,), {"__init__": __init__})


Concat_ws = _function("CONCAT_WS")
CurDate = _function("CURDATE")
DateDiff = _function("DATEDIFF")
DateFormat = _function("DATE_FORMAT")
GroupConcat = _function("GROUP_CONCAT")
Greatest = _function("GREATEST")
Ifnull = _function("IFNULL")
Least = _function("LEAST")
Locate = _function("LOCATE")
Month = _function("MONTH")
Now = _function("NOW")
Quarter = _function("QUARTER")
Timestamp = CombineDatetime = _function("TIMESTAMP")
UnixTimestamp = _function("UNIX_TIMESTAMP")
Year = _function("YEAR")


class Round(Function):
	def __init__(self, term, decimal=0, **kwargs):
		super().__init__("ROUND", term, decimal, **kwargs)


Cast_ = Cast  # noqa: F405
