"""Plans the opportunities of the demo: who asks for what, when, what happens and how it ends. Never imports frappe."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from crm_pipeline.demo import catalogue, people, texts

SPAN_DAYS = 730
RECENT = 0.22  # share of opportunities that began so lately that they are still in play
OPENING, CLOSING = 8, 18  # office hours
LAST_WORD_DAYS = (
	12  # in play, somebody wrote within these days; else the nightly job would close the opportunity
)
SILENT_EVERY = 11  # of so many that began lately one is quiet for longer than auto-close waits
SILENT_DAYS = 17
VALID_DAYS = 30
REVISED_EVERY = 3  # of so many quotations one is followed by a better one
DAYS_TO_REVISE = 2
ORDERED_IN_PART_EVERY = 2  # of so many in play the first item is ordered
DAYS_TO_ORDER = 1

WON, LOST, CLOSED, PAUSED = "win", "lose", "close", "pause"


@dataclass(order=True)
class Step:
	"""Something done on an opportunity, named as the method of `story.Story` that does it."""

	at: datetime
	action: str = field(compare=False)
	details: dict = field(default_factory=dict, compare=False)


@dataclass
class PlannedOpportunity:
	"""A planned opportunity. `company` counts companies; `goods` are pairs of product and quantity."""

	came_in: datetime
	company: int
	from_lead: bool
	owner: int
	family: str
	source: str
	title: str
	goods: list[tuple[catalogue.Product, int]]
	with_items: bool
	expected_closing: datetime
	need: str
	solution: str | None
	to_discuss: str | None
	next_contact: datetime | None
	steps: list[Step]


def plan(count: int, open_stages: int, now: datetime) -> list[PlannedOpportunity]:
	"""`count` opportunities of the last two years up to `now`, oldest first, for a process with so many open stages."""
	rng = Random("crm_pipeline demo")
	opportunities = [_planned(rng, number, count, open_stages, now) for number in range(count)]
	for number, planned in enumerate(opportunities):
		_negotiate(planned, number, now)
	return sorted(opportunities, key=lambda planned: planned.came_in)


def _planned(rng: Random, number: int, count: int, open_stages: int, now: datetime) -> PlannedOpportunity:
	length = min(max(rng.lognormvariate(4.3, 0.5), 14), 240)
	recent = number % 100 < RECENT * 100
	silent = recent and number % SILENT_EVERY == 7
	age = rng.uniform(0.1, min(length, 160)) if recent else SPAN_DAYS * rng.betavariate(1, 1.7)
	age = max(age, 2 * SILENT_DAYS) if silent else age
	came_in = office_hour(rng, now - timedelta(days=age), now)
	in_play = recent or age <= length
	end = now if in_play else office_hour(rng, came_in + timedelta(days=length), now)
	family = rng.choice(list(texts.TITLES))
	with_items = rng.random() < 0.65
	outcome = _outcome(rng, in_play, number)
	progress = _progress(rng, outcome, open_stages, age / length)
	closing = _expected_closing(rng, in_play, end, length - age)
	steps = _steps(rng, came_in, end, outcome, progress, open_stages, with_items)
	steps += _slips(rng, came_in, end, closing, with_items)
	next_contact = _next_contact(rng, now) if in_play and rng.random() < 0.6 else None
	if silent:
		steps, next_contact = _falling_silent(rng, steps, came_in, now), None
	postponed = any(step.action == "postpone" for step in steps)
	from_lead = rng.random() < 0.35
	return PlannedOpportunity(
		came_in=came_in,
		company=number if from_lead else rng.randrange(max(count // 6, 1)),
		from_lead=from_lead,
		owner=rng.choices(range(len(people.SALESPEOPLE)), [share for *_name, share in people.SALESPEOPLE])[0],
		family=family,
		source=rng.choices(list(catalogue.SOURCES), list(catalogue.SOURCES.values()))[0],
		title=rng.choice(texts.TITLES[family]),
		goods=_goods(rng, family),
		with_items=with_items,
		expected_closing=max(closing - timedelta(days=rng.choice([14, 21, 30]) * postponed), came_in),
		need=texts.NEEDS[family].format(rng.randint(3, 30) * (10 if family == "Racking" else 1)),
		solution=texts.SOLUTIONS[family] if _is_solved(outcome, progress, open_stages) else None,
		to_discuss=rng.choice(texts.TO_DISCUSS) if in_play and rng.random() < 0.5 else None,
		next_contact=next_contact,
		steps=_until_the_end(steps, came_in, now),
	)


def _until_the_end(steps: list[Step], came_in: datetime, now: datetime) -> list[Step]:
	"""Return the steps in order, each at a second of its own, without any after the one that ends or pauses."""
	endings = (WON, LOST, CLOSED, PAUSED)
	ending = next((step.at for step in steps if step.action in endings), now)
	chosen = [step for step in steps if came_in < step.at <= min(ending, now)]
	chosen.sort(key=lambda step: (step.at, step.action in endings))
	for former, step in pairwise(chosen):
		step.at = max(step.at, former.at + timedelta(seconds=1))
	return chosen


def office_hour(rng: Random, moment: datetime, latest: datetime) -> datetime:
	"""Return a minute in office hours of that day or, on a weekend or too late, of the working day before."""
	day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
	while day.weekday() > 4 or day + timedelta(hours=OPENING) >= latest:
		day -= timedelta(days=1)
	minutes = min((CLOSING - OPENING) * 60, int((latest - day).total_seconds() // 60) - OPENING * 60)
	return day + timedelta(hours=OPENING, minutes=rng.randrange(max(minutes, 1)), seconds=rng.randrange(60))


def working_time(moment: datetime) -> datetime:
	"""`moment`, or as many minutes into the next working day if the office is closed then."""
	while moment.weekday() > 4 or moment.hour >= CLOSING:
		moment = moment.replace(hour=OPENING) + timedelta(days=1)
	return moment if moment.hour >= OPENING else moment.replace(hour=OPENING)


def _goods(rng: Random, family: str) -> list[tuple[catalogue.Product, int]]:
	products = [product for product in catalogue.PRODUCTS if product.family == family]
	chosen = rng.sample(products, rng.randint(1, min(3, len(products))))
	services = [product for product in catalogue.PRODUCTS if product.family == "Service"]
	if family != "Service" and rng.random() < 0.6:
		chosen.append(rng.choice(services))
	return [(product, round(rng.triangular(product.few, product.many, product.few))) for product in chosen]


def _outcome(rng: Random, in_play: bool, number: int) -> str | None:
	if in_play:
		return PAUSED if number % 12 == 5 else None
	return rng.choices([WON, LOST, CLOSED], [44, 47, 9])[0]


def _progress(rng: Random, outcome: str | None, open_stages: int, share: float) -> int:
	"""Return how many stages the opportunity moved on, won and lost not counted."""
	last = open_stages - 1
	if outcome == WON:
		return last
	if outcome in (LOST, CLOSED):
		return rng.randint(0, last)
	return min(int(share * open_stages), last)


def _is_solved(outcome: str | None, progress: int, open_stages: int) -> bool:
	"""Return whether somebody wrote down what is proposed: while work goes on, not before the last stage asks for it."""
	return progress >= (1 if outcome else max(open_stages - 1, 1))


def _steps(
	rng: Random,
	came_in: datetime,
	end: datetime,
	outcome: str | None,
	progress: int,
	open_stages: int,
	with_items: bool,
) -> list[Step]:
	span = end - came_in
	moves = [
		office_hour(rng, came_in + span * ((position + rng.uniform(0.2, 0.8)) / (progress + 0.5)), end)
		for position in range(progress)
	]
	steps = [Step(at, "advance") for at in moves]
	steps += _mails(rng, came_in, end, outcome in (WON, LOST, CLOSED))
	quoting = open_stages // 2
	if progress >= max(quoting, 1) and outcome != CLOSED and span.days > 8 and rng.random() < 0.85:
		steps += _quotes(rng, moves[quoting - 1], end, outcome, with_items)
	if outcome:
		at = office_hour(rng, end - timedelta(days=rng.uniform(1, 9)), end) if outcome == PAUSED else end
		steps.append(Step(at, outcome, _ending(rng, outcome)))
	return steps


def _mails(rng: Random, came_in: datetime, end: datetime, ended: bool) -> list[Step]:
	"""Return a request, our answer, and some mails to and fro; in play, somebody wrote lately."""
	steps = [Step(came_in + timedelta(seconds=30), "mail_in")] if rng.random() < 0.7 else []
	if not ended and rng.random() < 0.12:
		return steps
	answered = working_time(came_in + timedelta(minutes=min(rng.lognormvariate(4.6, 1.0), 2800)))
	steps.append(Step(answered, "mail_out"))
	more = rng.randint(0, 3)
	latest = end - timedelta(hours=2) if ended else end - timedelta(days=rng.uniform(0.1, LAST_WORD_DAYS))
	for position in range(1, more + 1):
		at = office_hour(rng, answered + (latest - answered) * (position / (more + 1)), end)
		steps.append(Step(max(at, answered + timedelta(hours=3)), "mail_in" if position % 2 else "mail_out"))
	if not ended and latest > answered:
		steps.append(Step(office_hour(rng, latest, end), rng.choice(["mail_in", "mail_out"])))
	return steps


def _falling_silent(rng: Random, steps: list[Step], came_in: datetime, now: datetime) -> list[Step]:
	"""Leave what moved the opportunity on, and let nobody answer our last mail, so that the next night closes it."""
	last = office_hour(rng, now - timedelta(days=SILENT_DAYS + rng.uniform(0, 4)), now)
	moves = [step for step in steps if step.at < last and step.action in ("advance", "change_quantity")]
	mails = [Step(came_in + timedelta(seconds=30), "mail_in"), Step(last, "mail_out")]
	answered = working_time(came_in + timedelta(minutes=min(rng.lognormvariate(4.6, 1.0), 2800)))
	return [*moves, *mails, Step(answered, "mail_out")]


def _quotes(
	rng: Random, quoting: datetime, end: datetime, outcome: str | None, with_items: bool
) -> list[Step]:
	"""Return a quotation, perhaps with a supplier's offer before it.

	What is lost later has run out by then, what is in play runs out one after the other in the coming weeks.
	"""
	if outcome in (None, PAUSED) and rng.random() < 0.75:
		quoting = max(quoting, end - timedelta(days=rng.uniform(3, 24)))
	at = office_hour(rng, min(quoting + timedelta(days=2), end - timedelta(days=2)), end)
	valid_days, until_end = VALID_DAYS, (end.date() - at.date()).days
	if outcome == LOST:
		valid_days = max(min(valid_days, until_end - 1), 0)
	elif outcome != WON:
		valid_days = max(valid_days, until_end + rng.randint(2, 28))
	steps = [Step(at, "quote", {"valid_days": valid_days})]
	if with_items and rng.random() < 0.35:
		steps.append(Step(at - timedelta(days=1), "ask_supplier"))
	return steps


def _negotiate(planned: PlannedOpportunity, number: int, now: datetime) -> None:
	"""Let some quotations for items be replaced by a better one and, in play, some have their first item ordered."""
	quote = next((step for step in planned.steps if step.action == "quote"), None)
	if not (quote and planned.with_items):
		return
	offered, valid_till = quote.at, quote.at.date() + timedelta(days=quote.details["valid_days"])
	revised = working_time(offered + timedelta(days=DAYS_TO_REVISE))
	if number % REVISED_EVERY == 0 and revised.date() <= valid_till:
		planned.steps.append(Step(revised, "revise", {"valid_days": (valid_till - revised.date()).days}))
		offered = revised
	in_play = {WON, LOST, CLOSED, PAUSED}.isdisjoint(step.action for step in planned.steps)
	if number % ORDERED_IN_PART_EVERY and in_play and len(planned.goods) > 1:
		planned.steps.append(Step(working_time(offered + timedelta(days=DAYS_TO_ORDER)), "order_part"))
	planned.steps = _until_the_end(planned.steps, planned.came_in, now)


def _ending(rng: Random, outcome: str) -> dict:
	if outcome == WON:
		return {"discount": rng.choice([0, 0, 0, 2, 3, 5])}
	if outcome == LOST:
		weights = [weight for weight, _text in catalogue.LOST_REASONS.values()]
		reasons = list(
			dict.fromkeys(rng.choices(list(catalogue.LOST_REASONS), weights, k=rng.choice([1, 1, 2])))
		)
		rivals = rng.sample(range(len(catalogue.COMPETITORS)), rng.choice([1, 1, 2]))
		return {
			"reasons": reasons,
			"competitors": rivals if {"Price", "Competitor"} & set(reasons) else [],
			"note": catalogue.LOST_REASONS[reasons[0]][1].format(rng.randint(4, 22)),
		}
	if outcome == PAUSED:
		return {"days": rng.randint(5, 60), "reason": rng.choice(catalogue.PAUSE_REASONS)}
	return {}


def _slips(rng: Random, came_in: datetime, end: datetime, closing: datetime, with_items: bool) -> list[Step]:
	"""Return what changes on the way: the expected closing, a quantity, the owner."""

	def at(share: float) -> datetime:
		return office_hour(rng, came_in + (end - came_in) * share, end)

	steps = []
	if rng.random() < 0.3:
		steps.append(Step(at(0.55), "postpone", {"day": closing.date()}))
	if with_items and rng.random() < 0.25:
		steps.append(Step(at(0.3), "change_quantity", {"factor": rng.choice([0.8, 1.25, 1.5])}))
	if rng.random() < 0.06:
		steps.append(Step(at(0.2), "hand_over", {"owner": rng.randrange(len(people.SALESPEOPLE))}))
	return steps


def _expected_closing(rng: Random, in_play: bool, end: datetime, days_left: float) -> datetime:
	"""Near the end of an ended opportunity; ahead for most of those in play, passed by for some."""
	if not in_play:
		return end + timedelta(days=rng.randint(-6, 10))
	if rng.random() < 0.18:
		return end - timedelta(days=rng.randint(1, 20))
	return end + timedelta(days=max(days_left, 0) + rng.randint(4, 45))


def _next_contact(rng: Random, now: datetime) -> datetime:
	day = now + timedelta(days=rng.choice([-6, -3, -1, 0, 1, 2, 3, 5, 7, 9, 14, 21]))
	while day.weekday() > 4:
		day += timedelta(days=1)
	return day.replace(hour=rng.randint(9, 16), minute=rng.choice([0, 15, 30, 45]), second=0, microsecond=0)
