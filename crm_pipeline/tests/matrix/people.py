"""The people who ask: one of each kind, with an API token."""

import frappe
from frappe.core.doctype.user.user import generate_keys
from frappe.permissions import add_user_permission

from crm_pipeline.tests.factories import make_user, unique

GUEST = "guest"
ROLES = {
	"website": (),
	"purchaser": ("Purchase User",),
	"other": ("Sales User",),
	"sharer": ("Sales User",),
	"bound": ("Sales User",),
	"own_only": (),  # gets the role that has its rights on own records alone
	"flat": ("Sales User",),
	"leader": ("Sales User",),
	"manager": ("Sales Manager",),
}
PEOPLE = (GUEST, *ROLES)


class People:
	"""Users by kind, each with the headers of its requests."""

	def __init__(self):
		self.users: dict[str, str] = {GUEST: "Guest"}
		self.headers: dict[str, dict] = {GUEST: {}}
		self.role = frappe.get_doc(doctype="Role", role_name=unique("Own Only")).insert().name
		for kind, roles in ROLES.items():
			self.users[kind] = make_user(*(roles if kind != "own_only" else (self.role,)))
			if kind == "website":
				frappe.db.set_value("User", self.users[kind], "user_type", "Website User")
				frappe.clear_cache(user=self.users[kind])
			self.headers[kind] = self._token(self.users[kind])

	def __getattr__(self, kind: str) -> str:
		try:
			return self.__dict__["users"][kind]
		except KeyError:
			raise AttributeError(kind) from None

	@property
	def made(self) -> list[tuple[str, str]]:
		return [("Role", self.role), *(("User", user) for kind, user in self.users.items() if kind != GUEST)]

	def bind(self, customer: str) -> None:
		"""Limit one of them to a customer."""
		add_user_permission("Customer", customer, self.bound, ignore_permissions=True)

	@staticmethod
	def _token(user: str) -> dict:
		secret = generate_keys(user)["api_secret"]
		return {"Authorization": f"token {frappe.db.get_value('User', user, 'api_key')}:{secret}"}
