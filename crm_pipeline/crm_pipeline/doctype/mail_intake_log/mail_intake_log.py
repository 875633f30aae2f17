import frappe
from frappe.utils import add_days, now_datetime

from crm_pipeline.utils.confidential import ConfidentialDocument


class MailIntakeLog(ConfidentialDocument):
	"""What did not go as usual with a mail; written by `crm_pipeline.mail`."""

	@staticmethod
	def clear_old_logs(days: int = 90) -> None:
		"""Delete what is over for so many days, as Log Settings ask; what waits stays."""
		log = frappe.qb.DocType("Mail Intake Log")
		query = frappe.qb.from_(log).where(log.modified < add_days(now_datetime(), -days))
		query.where(log.result != "Waiting").delete().run()
