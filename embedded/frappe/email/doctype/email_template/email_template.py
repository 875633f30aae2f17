import frappe
from frappe.model.document import Document
from frappe.utils.jinja import validate_template


class EmailTemplate(Document):
	@property
	def response_(self) -> str:
		return (self.response_html if self.use_html else self.response) or ""

	def validate(self):
		validate_template(self.subject)
		validate_template(self.response_)

	def get_formatted_email(self, doc: dict) -> dict[str, str]:
		return {
			"subject": frappe.render_template(self.subject, doc),
			"message": frappe.render_template(self.response_, doc),
		}


@frappe.whitelist()
def get_email_template(template_name: str, doc: str | dict) -> dict[str, str]:
	"""Return subject and message of a template filled in for a document."""
	template = frappe.get_doc("Email Template", template_name)
	template.check_permission("read")
	return template.get_formatted_email(frappe.parse_json(doc))
