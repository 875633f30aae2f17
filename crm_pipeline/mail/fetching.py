"""Fetching from a mail server: what was not read stays there, and what cannot be read takes no other mail along."""

import poplib
from functools import cache
from typing import TYPE_CHECKING, Any

from frappe.email import receive
from frappe.model.document import Document

from crm_pipeline.mail.reading import readable

# A longer line breaks off the conversation with the server, and mails are deleted that were never read. Frappe raises
# this limit for the same reason, to 100,000.
poplib._MAXLINE = 64 * 1024 * 1024  # type: ignore[attr-defined] # a private name


if TYPE_CHECKING:
	Server = receive.EmailServer
else:
	Server = object  # it is laid over the class of each connection


class PipelineServer(Server):
	"""What the pipeline adds to Frappe's connection to a mail server."""

	account: Document

	def get_messages(self, *args: Any, **kwargs: Any) -> dict:
		"""Return what was fetched, each message as Frappe can read it."""
		self.retrieved: list[bytes] = []
		fetched = super().get_messages(*args, **kwargs)
		messages = fetched["latest_messages"]
		fetched["latest_messages"] = [readable(message, self.account) for message in messages]
		if "uid_list" in fetched and len(self.retrieved) == len(messages):
			fetched["uid_list"] = self.retrieved
		return fetched

	def retrieve_message(self, uid: bytes, *args: Any, **kwargs: Any) -> None:
		self.read_before = len(self.latest_messages)
		super().retrieve_message(uid, *args, **kwargs)

	def _post_retrieve_cleanup(self, uid: bytes, *args: Any, **kwargs: Any) -> None:
		"""Delete or mark on the server only what was read."""
		if len(self.latest_messages) > self.read_before:
			self.retrieved.append(uid)
			super()._post_retrieve_cleanup(uid, *args, **kwargs)


def as_pipeline_server(server: "receive.EmailServer", account: Document) -> PipelineServer:
	"""Return a connection of Frappe's, or of another app's, with what the pipeline adds."""
	base: type = type(server)
	ours: PipelineServer = object.__new__(pipeline_server_over(base))
	vars(ours).update(vars(server), account=account)
	return ours


@cache
def pipeline_server_over(base: type) -> type:
	"""Put the pipeline's part before a class of connections."""
	return type("PipelineEmailServer", (PipelineServer, base), {})
