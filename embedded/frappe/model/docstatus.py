class DocStatus(int):
	"""0 draft, 1 submitted, 2 cancelled."""

	def is_draft(self) -> bool:
		return self == self.DRAFT

	def is_submitted(self) -> bool:
		return self == self.SUBMITTED

	def is_cancelled(self) -> bool:
		return self == self.CANCELLED

	@classmethod
	def draft(cls) -> "DocStatus":
		return cls.DRAFT

	@classmethod
	def submitted(cls) -> "DocStatus":
		return cls.SUBMITTED

	@classmethod
	def cancelled(cls) -> "DocStatus":
		return cls.CANCELLED


DocStatus.DRAFT = DocStatus(0)
DocStatus.SUBMITTED = DocStatus(1)
DocStatus.CANCELLED = DocStatus(2)
