import frappe
from frappe import _

from crm_pipeline.exceptions import TeamsInCircle, TeamUserRepeated, TeamUserUnfit
from crm_pipeline.permissions import teams as known_teams
from crm_pipeline.rules import teams
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.named_document import NamedDocument


class SalesTeam(NamedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from crm_pipeline.crm_pipeline.doctype.sales_team_member.sales_team_member import SalesTeamMember

		manager: DF.Link | None
		members: DF.Table[SalesTeamMember]
		parent_team: DF.Link | None
		team_name: DF.Data
	# end: auto-generated types
	name_fields = ("team_name",)

	def check_if_latest(self) -> None:
		"""Hold all teams, since a circle may close through any of them."""
		if not self.is_new():
			known_teams.hold()
		super().check_if_latest()

	def validate(self) -> None:
		self.refuse_circle(self.name, self.parent_team)
		self.validate_each_user_once()
		self.validate_new_users()

	def on_update(self) -> None:
		known_teams.forget()

	def after_delete(self) -> None:
		known_teams.forget()

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		super().before_rename(old, new, merge)
		if merge:
			known_teams.hold()
			self.refuse_circle(old, new)
			self.give_people_to(new)

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		super().after_rename(old, new, merge)
		known_teams.forget()

	def users(self) -> list[str]:
		"""Return who is named, the manager first."""
		return [user for user in (self.manager, *(row.user for row in self.members)) if user]

	def refuse_circle(self, team: str | None, parent: str | None) -> None:
		"""Refuse to let a team stand below itself.

		Raises:
			TeamsInCircle
		"""
		if team and parent and teams.closes_circle(team, parent, known_teams.stored()):
			frappe.throw(
				_("{0} is {1} itself, or stands below it. Choose a parent team that does not.").format(
					bold(parent), bold(team)
				),
				TeamsInCircle,
				title=_("Teams in a Circle"),
			)

	def validate_each_user_once(self) -> None:
		"""Refuse a user who is named twice; the manager is one of the team already.

		Raises:
			TeamUserRepeated
		"""
		named = self.users()
		for user in named:
			if named.count(user) > 1:
				frappe.throw(
					_(
						"{0} is named twice. Name each user once: the manager is one of the team already."
					).format(bold(user)),
					TeamUserRepeated,
					title=_("User Named Twice"),
				)

	def validate_new_users(self) -> None:
		"""Refuse to take in users who cannot work in Desk; who is disabled later stays until somebody else takes over.

		Raises:
			TeamUserUnfit
		"""
		if self.flags.by_software:
			return
		before = self.get_doc_before_save()
		new = sorted({*self.users()}.difference(before.users() if before else ()))
		filters = {"name": ["in", in_list(new)], "enabled": 1, "user_type": "System User"}
		if unfit := {*new}.difference(frappe.get_all("User", filters, pluck="name")):
			frappe.throw(
				_("{0}: choose users who are enabled and work in Desk.").format(
					bold(", ".join(sorted(unfit)))
				),
				TeamUserUnfit,
				title=_("User Not Possible"),
			)

	def give_people_to(self, other: str) -> None:
		"""Let everybody of this team be of the one that it is merged with, as far as they are not yet."""
		team = frappe.get_doc(self.doctype, other)
		present = team.users()
		for user in self.users():
			if user not in present:
				team.append("members", {"user": user})
		act_as_software(team).save()  # whoever may rename this one may have them there
