"""The functions of frappe.utils.data, gathered from the modules that hold them."""

from typing import Any

from frappe.utils.addresses import *  # noqa: F403
from frappe.utils.dates import *  # noqa: F403
from frappe.utils.dates import get_datetime, getdate
from frappe.utils.display import *  # noqa: F403
from frappe.utils.numbers import *  # noqa: F403
from frappe.utils.numbers import cint, flt
from frappe.utils.text import *  # noqa: F403
from frappe.utils.text import cstr

GATHERED = [f"frappe.utils.{name}" for name in ("addresses", "dates", "display", "numbers", "text")]
CASTS = {
	**dict.fromkeys(("Currency", "Float", "Percent"), flt),
	**dict.fromkeys(("Int", "Check"), cint),
	**dict.fromkeys(("Data", "Text", "Small Text", "Long Text", "Text Editor"), cstr),
	**dict.fromkeys(("Select", "Link", "Dynamic Link"), cstr),
	"Date": getdate,
	"Datetime": get_datetime,
}


def cast_fieldtype(fieldtype: str, value: Any) -> Any:
	"""Return a value as the Python type of a field type; nothing becomes zero, "" or today."""
	return CASTS[fieldtype](value) if fieldtype in CASTS else value
