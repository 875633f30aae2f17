"""All requests of the matrix, and what is wrong with their answers."""

from dataclasses import replace

from crm_pipeline.tests.matrix import everywhere, own, paths
from crm_pipeline.tests.matrix.core_decides import CONDITIONS_ON_LEVELS, fails_in_core, records_told_by
from crm_pipeline.tests.matrix.judging import NOT_OFFERED, Answer, Ask, given_away, words
from crm_pipeline.tests.matrix.table import PLAIN, RIGHTS, USUAL_PATHS
from crm_pipeline.tests.matrix.world import LEVEL, World

# DocTypes with a link `opportunity`.
LINKING = (
	"Quotation",
	"Quotation Item",
	"Supplier Quotation",
	"Supplier Quotation Item",
	"Pipeline Change",
	"Auto Closed Opportunity",
)
# DocTypes with the field of their rows, the DocType of these, and a field that says something.
TABLES = (
	("Opportunity", "items", "Opportunity Item", "description"),
	("Quotation", "items", "Quotation Item", "item_name"),
	("Quotation", "taxes", "Sales Taxes and Charges", "description"),
	("Supplier Quotation", "items", "Supplier Quotation Item", "item_name"),
)
OF_NAMES = ("v1 list", "list by order")  # they show no other field
OF_MANY = ("client.get_count by name", "client.validate_link_and_fetch")
PARTICIPANTS = ("event_participants", "Event Participants", "reference_docname")


def reads(world: World) -> list[Ask]:
	"""Every question of the matrix."""
	asks = named_reads(world)
	for key, record in world.records.items():
		if record.doctype != record.name:  # of what there is only one, there are no lists
			asks += _usual(key, paths.by_lists(key, record))
	opportunity = world.records["Opportunity"]
	for doctype in LINKING:
		for field in ("campaign", "title"):
			asks += paths.by_link("Opportunity", world.records[doctype], field, opportunity.words[0])
	for doctype, table, row, field in TABLES:
		record = world.records[row]
		asks += paths.by_row(row, world.records[doctype], table, row, field, record.words[0])
	asks += paths.by_row("Opportunity", world.records["Event"], *PARTICIPANTS, opportunity.name)
	return asks + everywhere.asks(opportunity.words[0])


def named_reads(world: World, names: dict[str, str] | None = None) -> list[Ask]:
	"""The questions that name a record; with `names` by record, those instead of the records' own."""
	asks = []
	for key, record in world.records.items():
		by_name = paths.by_name(key, record, (names or {}).get(key))
		if record.doctype == record.name:  # what there is only one of is neither counted nor linked to
			by_name = [ask for ask in by_name if ask.path not in OF_MANY]
		asks += _usual(key, by_name)
	return asks + own.reads(world, names)


def _usual(key: str, asks: list[Ask]) -> list[Ask]:
	return [ask for ask in asks if ask.path in USUAL_PATHS] if key in PLAIN else asks


def writes(world: World, names: dict[str, str] | None = None) -> list[Ask]:
	"""Every attempt to change something."""
	asks = []
	for key, record in world.records.items():
		if key == LEVEL:  # a field of what its owner may change
			continue
		name = (names or {}).get(key)
		asks += paths.to_write(key, record, name, is_changed_only=key in PLAIN)
	return own.writes(world, names) + asks


def asked_by(user: str, asks: list[Ask]) -> list[Ask]:
	"""The requests as this user makes them, who may name themselves in them."""
	return [replace(ask, values=paths.fill(ask.values, {"SELF": user})) for ask in asks]


class Judge:
	"""Tells what answers give away to one kind of person, or keep from them wrongly."""

	def __init__(self, world: World, records: list, kind: str):
		self.world, self.records, self.kind = world, records, kind
		self.forbidden = words(self.texts(key for key in RIGHTS if RIGHTS[key][kind] == "-"))
		self.not_offered: set[str] = set()
		self.violations: list[str] = []
		self.decided_by_core: set[str] = set()

	def texts(self, keys) -> set[str]:
		"""What tells of the records of these rows of the table."""
		keys = set(keys)
		return {text for key, record in self.records if key in keys for text in record.texts}

	def judge(self, ask: Ask, answer: Answer) -> None:
		if answer.status == NOT_OFFERED:
			self.not_offered.add(ask.path)
		elif fault := self.fault(ask, answer):
			self.violations.append(f"{self.kind}: {ask.path} about {ask.record}: {fault}")

	def fault(self, ask: Ask, answer: Answer) -> str | None:
		right = RIGHTS[ask.record][self.kind]
		told = given_away(answer, ask, self.forbidden)
		if told & (known := self.texts(records_told_by(ask.path, ask.record))):
			self.decided_by_core.add(ask.path)
		if told := told - known:
			return f"tells {sorted(told)[:3]} ({answer.status})"
		if answer.status >= 500 and fails_in_core(ask.path):
			self.decided_by_core.add(f"{ask.path} (fails)")
		elif answer.status >= 500:
			return f"fails with {answer.status}: {answer.body[-200:]}"
		if ask.record == LEVEL and ask.path in CONDITIONS_ON_LEVELS:
			return None
		if right == "-" and ask.truth and not answer.is_empty:
			return f"answers yes: {answer.body[:120]}"
		if right in "rw" and self.is_sure(ask) and not self.is_shown(ask, answer):
			return f"shows nothing ({answer.status}): {answer.body[:160]}"
		return None

	def is_sure(self, ask: Ask) -> bool:
		"""Whether who may see the record has to be shown it on this path."""
		record = self.world.records[ask.record]
		return bool(ask.shown) and (record.named or ask.path not in OF_NAMES)

	def is_shown(self, ask: Ask, answer: Answer) -> bool:
		if answer.refuses:
			return False
		record = self.world.records[ask.record]
		return (
			not answer.is_empty
			if ask.truth
			else any(text in answer.body for text in record.texts or (record.name,))
		)
