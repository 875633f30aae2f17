"""Turns the data set into import sheets. Every decision about the data is here, and stated in `DECISIONS`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from benchmarks.import_sales_data.source import Source

PRODUCT_ALIASES = {"GTXPro": "GTX Pro"}
SECTOR_ALIASES = {"technolgy": "technology"}  # codespell:ignore technolgy
COUNTRY_ALIASES = {"Philipines": "Philippines", "Korea": "Korea, Republic of"}  # codespell:ignore philipines
STAGES = {"Prospecting": "Lead", "Engaging": "Pitching", "Won": "Won", "Lost": "Lost"}
LOST_REASON = "Not recorded"

DECISIONS = [
	"Product GTXPro of the pipeline is taken as GTX Pro of the product list.",
	"Sector technolgy is written technology; countries Philipines and Korea as Frappe names them.",  # codespell:ignore technolgy,philipines
	"Stages: " + ", ".join(f"{theirs} becomes {ours}" for theirs, ours in STAGES.items()) + ".",
	f"Lost opportunities get the lost reason {LOST_REASON}.",
	"Opportunities without account come in without party; an opportunity is named by product, account and its id.",
	"Opportunities without engage date come in on the last day that the file knows.",
	"What has ended was expected to close on the day on which it did; of open opportunities the file knows no such day.",
	"The item's rate is the close value; for open opportunities, which have none, the product's sales price.",
	"Agents become users first.last@example.com of the role Sales User; managers are kept in their bio.",
]


@dataclass
class Sheet:
	"""Rows for one import.

	`key` is the column by which a row is found on the site again; `links` say which columns name records of
	which DocType; `faults` are problems of a row itself, by its line in the source.
	"""

	doctype: str
	key: str
	rows: list[dict]
	links: dict[str, str] = field(default_factory=dict)
	lines: list[int] = field(default_factory=list)
	faults: dict[int, str] = field(default_factory=dict)


def sheets(source: Source) -> Iterator[Sheet]:
	"""Yield the sheets in the order in which they can be imported."""
	yield users(source.agents)
	yield items(source.products)
	parents = [row for row in source.accounts if not row["subsidiary_of"]]
	yield customers(parents)
	yield customers([row for row in source.accounts if row["subsidiary_of"]])
	yield opportunities(source)


def email_of(agent: str) -> str:
	return ".".join(agent.lower().split()) + "@example.com"


def title_of(row: dict) -> str:
	product = PRODUCT_ALIASES.get(row["product"], row["product"])
	account = f" for {row['account']}" if row["account"] else ""
	return f"{product}{account} ({row['opportunity_id']})"


def users(agents: list[dict]) -> Sheet:
	rows = [
		{
			"email": email_of(row["sales_agent"]),
			"first_name": row["sales_agent"].split(" ", 1)[0],
			"last_name": row["sales_agent"].split(" ", 1)[-1],
			"location": row["regional_office"],
			"bio": f"Manager: {row['manager']}",
			"send_welcome_email": 0,
			"roles.role": "Sales User",
		}
		for row in agents
	]
	return Sheet("User", "email", rows, {"roles.role": "Role"}, _lines(agents))


def items(products: list[dict]) -> Sheet:
	rows = [
		{
			"item_code": row["product"],
			"item_name": row["product"],
			"item_group": row["series"],
			"standard_rate": row["sales_price"],
		}
		for row in products
	]
	return Sheet("Item", "item_code", rows, {}, _lines(products))


def customers(accounts: list[dict]) -> Sheet:
	rows = [
		{
			"customer_name": row["account"],
			"industry": SECTOR_ALIASES.get(row["sector"], row["sector"]),
			"country": COUNTRY_ALIASES.get(row["office_location"], row["office_location"]),
			"founded_in": row["year_established"],
			"annual_revenue": round(float(row["revenue"]) * 1_000_000, 2),
			"employees": row["employees"],
			"parent_customer": row["subsidiary_of"],
		}
		for row in accounts
	]
	links = {"country": "Country", "parent_customer": "Customer"}
	return Sheet("Customer", "customer_name", rows, links, _lines(accounts))


def opportunities(source: Source) -> Sheet:
	prices = {row["product"]: row["sales_price"] for row in source.products}
	days = [day for row in source.opportunities for day in (row["engage_date"], row["close_date"]) if day]
	sheet = Sheet(
		"Opportunity",
		"title",
		[_opportunity(row, prices, max(days)) for row in source.opportunities],
		{
			"party_name": "Customer",
			"opportunity_owner": "User",
			"sales_stage": "Sales Stage",
			"items.item_code": "Item",
			"lost_reasons.lost_reason": "Lost Reason",
		},
		_lines(source.opportunities),
	)
	ids = set()
	for row in source.opportunities:
		fault = _fault(row) or (row["opportunity_id"] in ids and f"id {row['opportunity_id']} is there twice")
		if fault:
			sheet.faults[row["line"]] = fault
		ids.add(row["opportunity_id"])
	return sheet


def _opportunity(row: dict, prices: dict[str, str], last_day: str) -> dict:
	product = PRODUCT_ALIASES.get(row["product"], row["product"])
	closed = row["deal_stage"] in ("Won", "Lost")
	return {
		"title": title_of(row),
		"opportunity_from": "Customer" if row["account"] else "",
		"party_name": row["account"],
		"opportunity_owner": email_of(row["sales_agent"]),
		"sales_stage": STAGES.get(row["deal_stage"], row["deal_stage"]),
		"transaction_date": row["engage_date"] or last_day,
		"closed_on": row["close_date"],
		"expected_closing": row["close_date"],
		"close_revenue": row["close_value"] if closed else "",
		"items.item_code": product,
		"items.qty": 1,
		"items.rate": row["close_value"] if closed else prices.get(product, ""),
		"lost_reasons.lost_reason": LOST_REASON if row["deal_stage"] == "Lost" else "",
	}


def _fault(row: dict) -> str | None:
	"""Return what is wrong with a row by itself, before any link is looked up."""
	if row["deal_stage"] not in STAGES:
		return f"stage {row['deal_stage']!r} is unknown"
	for column in ("engage_date", "close_date"):
		if row[column] and not _is_date(row[column]):
			return f"{column} {row[column]!r} is no date"
	if row["close_value"] and not row["close_value"].isdigit():
		return f"close_value {row['close_value']!r} is no amount"
	if row["deal_stage"] in ("Won", "Lost"):
		if not (row["close_date"] and row["close_value"]):
			return "ended without close_date or close_value"
		if row["engage_date"] > row["close_date"]:
			return "closed before it began"
	return None


def _is_date(text: str) -> bool:
	try:
		return bool(date.fromisoformat(text))
	except ValueError:
		return False


def _lines(rows: list[dict]) -> list[int]:
	return [row["line"] for row in rows]
