"""The functions of frappe.utils.data, gathered from the modules that hold them."""

import datetime

from frappe.utils.dates import *  # noqa: F403
from frappe.utils.dates import get_datetime, get_timedelta, getdate
from frappe.utils.display import *  # noqa: F403
from frappe.utils.emails import *  # noqa: F403
from frappe.utils.filters import *  # noqa: F403
from frappe.utils.links import *  # noqa: F403
from frappe.utils.numbers import *  # noqa: F403
from frappe.utils.numbers import cint, flt, sbool
from frappe.utils.paths import *  # noqa: F403
from frappe.utils.periods import *  # noqa: F403
from frappe.utils.text import *  # noqa: F403
from frappe.utils.text import cstr

CASTS = {
	**dict.fromkeys(("Currency", "Float", "Percent"), flt),
	**dict.fromkeys(("Int", "Check"), lambda value: cint(sbool(value))),
	**dict.fromkeys(("Data", "Text", "Small Text", "Long Text", "Text Editor"), cstr),
	**dict.fromkeys(("Select", "Link", "Dynamic Link"), cstr),
	"Date": lambda value: getdate(value) if value else datetime.date.min,
	"Datetime": lambda value: get_datetime(value) if value else datetime.datetime.min,
	"Time": get_timedelta,
}


def cast(fieldtype: str, value=None):
	"""Return a value as the Python type of a field type; nothing becomes the least value of that type."""
	return CASTS[fieldtype](value) if fieldtype in CASTS else value


def cast_fieldtype(fieldtype: str, value, show_warning: bool = True):
	"""Do what `cast` does, but let nothing in a date field be today, as the older name always did."""
	if not value and fieldtype in ("Date", "Datetime"):
		return getdate(value) if fieldtype == "Date" else get_datetime(value)
	return cast(fieldtype, value)


def __getattr__(name: str):
	if name.startswith("__"):
		raise AttributeError(name)
	raise NotImplementedError(f"The embedded host has no {__name__}.{name}. A bench has it.")
