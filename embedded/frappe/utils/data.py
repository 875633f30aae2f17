"""The functions of frappe.utils.data, gathered from the modules that hold them."""

import operator

from frappe.runtime.missing import missing_in
from frappe.utils.addresses import *  # noqa: F403
from frappe.utils.dates import *  # noqa: F403
from frappe.utils.dates import get_datetime, get_timedelta, getdate
from frappe.utils.display import *  # noqa: F403
from frappe.utils.numbers import *  # noqa: F403
from frappe.utils.numbers import cint, flt, sbool
from frappe.utils.periods import *  # noqa: F403
from frappe.utils.text import *  # noqa: F403
from frappe.utils.text import cstr

CASTS = {
	**dict.fromkeys(("Currency", "Float", "Percent"), flt),
	**dict.fromkeys(("Int", "Check"), lambda value: cint(sbool(value))),
	**dict.fromkeys(("Data", "Text", "Small Text", "Long Text", "Text Editor"), cstr),
	**dict.fromkeys(("Select", "Link", "Dynamic Link"), cstr),
	"Date": getdate,
	"Datetime": get_datetime,
	"Time": get_timedelta,
}
COMPARISONS = {
	"=": operator.eq,
	"!=": operator.ne,
	">": operator.gt,
	"<": operator.lt,
	">=": operator.ge,
	"<=": operator.le,
	"in": lambda value, accepted: value in accepted,
	"not in": lambda value, refused: value not in refused,
	"^": lambda value, start: (value or "").startswith(start),
}
__getattr__ = missing_in(__name__)


def cast_fieldtype(fieldtype: str, value, show_warning: bool = True):
	"""Return a value as the Python type of a field type; nothing becomes zero, "" or today."""
	return CASTS[fieldtype](value) if fieldtype in CASTS else value


def compare(val1, condition: str, val2) -> bool:
	"""Tell whether two values meet a condition such as `>=` or `not in`."""
	if condition not in COMPARISONS:
		raise NotImplementedError(f"frappe.utils.compare knows no {condition!r} in the embedded host.")
	return COMPARISONS[condition](val1, val2)
