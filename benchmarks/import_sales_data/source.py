"""The data set as it is: rows of four CSV files, and the numbers that can be computed from them alone."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

FILES = {
	"accounts": "accounts.csv",
	"products": "products.csv",
	"agents": "sales_teams.csv",
	"opportunities": "sales_pipeline.csv",
}
DEFAULT_FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "crm-sales-opportunities"

SAMPLE = Path(__file__).resolve().parent / "sample"  # of the same form, made up


@dataclass
class Source:
	"""Rows as dicts of text, each with `line`, its line in the file."""

	accounts: list[dict]
	products: list[dict]
	agents: list[dict]
	opportunities: list[dict]

	def sample(self, opportunities: int) -> "Source":
		"""Return the same with about so many opportunities, evenly chosen from each stage with and without account."""
		share = min(opportunities / len(self.opportunities), 1)
		chosen, seen = [], Counter()
		for row in self.opportunities:
			kind = (row["deal_stage"], bool(row["account"]))
			if int((seen[kind] + 1) * share) > int(seen[kind] * share):
				chosen.append(row)
			seen[kind] += 1
		return Source(self.accounts, self.products, self.agents, chosen)


def read(folder: Path) -> Source:
	"""Read the four files.

	Raises:
		FileNotFoundError: one is not there.
	"""
	return Source(**{name: _rows(folder / file) for name, file in FILES.items()})


def _rows(path: Path) -> list[dict]:
	with path.open(newline="", encoding="utf-8") as file:
		return [{**row, "line": number} for number, row in enumerate(csv.DictReader(file), 2)]


@dataclass
class Numbers:
	"""What opportunities add up to. Stages are those of the files; values are of won opportunities."""

	opportunities: int = 0
	value: float = 0
	stages: Counter = field(default_factory=Counter)
	by_agent: Counter = field(default_factory=Counter)
	by_product: Counter = field(default_factory=Counter)
	value_by_agent: Counter = field(default_factory=Counter)
	value_by_product: Counter = field(default_factory=Counter)

	def add(self, stage: str, agent: str, product: str, won_value: float) -> None:
		self.opportunities += 1
		self.stages[stage] += 1
		self.by_agent[agent, stage] += 1
		self.by_product[product, stage] += 1
		if stage == "Won":
			self.value += won_value
			self.value_by_agent[agent] += won_value
			self.value_by_product[product] += won_value


def numbers_of(opportunities: list[dict], product_aliases: dict[str, str]) -> Numbers:
	"""Add up rows of the pipeline file."""
	numbers = Numbers()
	for row in opportunities:
		product = product_aliases.get(row["product"], row["product"])
		numbers.add(row["deal_stage"], row["sales_agent"], product, float(row["close_value"] or 0))
	return numbers
