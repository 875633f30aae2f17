from typing import Any

import frappe
from frappe import STANDARD_USERS, _
from frappe.model.document import Document
from frappe.share import add_docshare
from frappe.utils import cint, get_system_timezone, sanitize_html, validate_email_address
from frappe.utils.password import update_password

# DocType: the fields that say whose a record is, and what else makes it one that goes with its user
OF_A_USER = {
	"ToDo": {"allocated_to": None},
	"Event": {"owner": None, "event_type": "Private"},
	**{doctype: {"user": None} for doctype in ("DocShare", "User Permission", "Sessions")},
}
MENTIONS_OF_A_USER = {"ToDo": "assigned_by", "Contact": "user"}


class User(Document):
	def autoname(self) -> None:
		"""The name is the e-mail address, except for the two standard users."""
		if not any(self.get(flag) for flag in ("is_admin", "is_guest")):
			self.email = self.email.lower().strip()
			self.name = self.email
		else:
			self.name = self.first_name

	def validate(self) -> None:
		if self.is_new() and cint(self.send_welcome_email) and not self.flags.no_welcome_mail:
			raise frappe.missing("A welcome mail to a new User (send_welcome_email)")
		self.take_new_password()
		if self.name not in STANDARD_USERS:
			self.email = self.name
			validate_email_address(self.email.strip(), throw=True)
		for fieldname in ("first_name", "last_name"):
			self.set(fieldname, sanitize_html(self.get(fieldname), always_sanitize=True))
		self.full_name = " ".join(filter(None, [self.first_name, self.last_name]))
		self.clean_roles()
		self.user_type = self.get_type_by_roles()
		self.validate_enabled()
		self.time_zone = self.time_zone or get_system_timezone()

	def on_update(self) -> None:
		frappe.clear_cache(user=self.name)
		if new_password := self.flags.pop("new_password", None):
			update_password(self.name, new_password, logout_all_sessions=bool(cint(self.logout_all_sessions)))
		create_contact(self)
		if self.name not in STANDARD_USERS:
			flags = {"ignore_share_permission": True}
			add_docshare("User", self.name, self.name, write=1, share=1, flags=flags)

	def on_trash(self) -> None:
		"""Delete what is the user's alone; what is others' too forgets them."""
		user = self.name
		if user in STANDARD_USERS:
			frappe.throw(_("User {0} cannot be deleted").format(user))
		frappe.clear_cache(user=user)
		for doctype, filters in OF_A_USER.items():
			frappe.db.delete(doctype, {field: value or user for field, value in filters.items()})
		for doctype, fieldname in MENTIONS_OF_A_USER.items():
			frappe.db.set_value(doctype, {fieldname: user}, fieldname, None)
		frappe.delete_doc("Notification Settings", user, ignore_permissions=True)

	def take_new_password(self) -> None:
		"""Keep a new password out of the database row; it is stored as a hash after the save."""
		self.flags.new_password = self.new_password
		self.new_password = ""

	def clean_roles(self) -> None:
		"""Keep each role once, and only its own for Guest."""
		seen = set()
		for row in list(self.get("roles")):
			if row.role in seen or (self.name == "Guest" and row.role != "Guest"):
				self.remove(row)
			seen.add(row.role)

	def get_type_by_roles(self) -> str:
		"""Return System User where any role gives access to Desk."""
		roles = [row.role for row in self.get("roles")]
		has_desk = roles and frappe.db.exists("Role", {"name": ("in", roles), "desk_access": 1})
		return "System User" if has_desk else "Website User"

	def validate_enabled(self) -> None:
		if cint(self.enabled):
			return
		if self.name in STANDARD_USERS:
			frappe.throw(_("User {0} cannot be disabled").format(self.name))
		frappe.db.delete("Sessions", {"user": self.name})

	def add_roles(self, *roles: Any) -> None:
		present = {row.role for row in self.get("roles")}
		self.extend("roles", [{"role": role} for role in roles if role not in present])
		self.save()


def create_contact(user: User) -> None:
	"""Keep a contact for every user: mails to and from that address are shown with it."""
	from frappe.contacts.doctype.contact.contact import get_contact_name

	if user.name in STANDARD_USERS or get_contact_name(user.email):
		return
	contact = frappe.new_doc("Contact", first_name=user.first_name, last_name=user.last_name, user=user.name)
	contact.append("email_ids", {"email_id": user.email, "is_primary": 1})
	for number, flag in ((user.phone, "is_primary_phone"), (user.mobile_no, "is_primary_mobile_no")):
		if number:
			contact.append("phone_nos", {"phone": number, flag: 1})
	contact.insert(ignore_permissions=True, ignore_mandatory=True)


@frappe.whitelist(methods=["POST"])
def generate_keys(user: str) -> dict[str, str]:
	"""Give a user a new API secret, and a key at the first time. Returns the secret, readable only now."""
	frappe.only_for("System Manager")
	key, secret = (frappe.generate_hash(length=15) for _part in ("key", "secret"))
	owner = frappe.get_doc("User", user)
	owner.update({"api_key": owner.api_key or key, "api_secret": secret}).save()
	return {"api_secret": secret}


def get_permission_query_conditions(user: str | None) -> str | None:
	"""Only Administrator sees the standard users in lists."""
	is_administrator = (user or frappe.session.user) == "Administrator"
	hidden = [f"`tabUser`.name != {frappe.db.escape(name)}" for name in STANDARD_USERS]
	return None if is_administrator else f"({' and '.join(hidden)})"


def has_permission(doc: "Document", user: str) -> bool | None:
	return False if user != "Administrator" and doc.name in STANDARD_USERS else None
