class DocStatus(int):
	"""0 draft, 1 submitted, 2 cancelled."""

	def is_submitted(self) -> bool:
		return self == 1

	def is_cancelled(self) -> bool:
		return self == 2
