import frappe
from frappe.utils import add_days, now_datetime

from crm_pipeline.mail.intake_log import LOG, PART, forget_parts
from crm_pipeline.utils.confidential import ConfidentialDocument


class MailIntakeLog(ConfidentialDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		append_to: DF.Data | None
		attempts: DF.Int
		communication: DF.Link | None
		email_account: DF.Data | None
		message: DF.Code | None
		next_attempt: DF.Datetime | None
		result: DF.Literal["Waiting", "Settled", "Incomplete", "Dropped"]
		sender: DF.Data | None
		subject: DF.Data | None
		to_do: DF.Literal["", "Take In", "Judge", "Save"]
		why: DF.SmallText | None
	# end: auto-generated types
	"""What did not go as usual with a mail; written by `crm_pipeline.mail`."""

	def on_trash(self) -> None:
		forget_parts(self.name)

	@staticmethod
	def clear_old_logs(days: int = 90) -> None:
		"""Delete what is over for so many days, as Log Settings ask; what waits stays."""
		log, part = frappe.qb.DocType(LOG), frappe.qb.DocType(PART)
		is_over = (log.modified < add_days(now_datetime(), -days)) & (log.result != "Waiting")
		over = frappe.qb.from_(log).select(log.name).where(is_over)
		frappe.qb.from_(part).where(part.entry.isin(over)).delete().run()
		frappe.qb.from_(log).where(is_over).delete().run()
