"""How quotations end on the page: lost along with their opportunity, lost alone, ordered as a whole or by rows."""

import pytest

from crm_pipeline.tests.page.looking import assert_sound, expect
from crm_pipeline.tests.page.pipeline import Opportunities, Pipeline
from crm_pipeline.tests.page.servers import SALESPERSON

CRANE = "A crane for the quotation"
REASON = "Price"


@pytest.fixture
def show(open_page):
	return lambda path="/pipeline", **options: Pipeline(open_page(path, **{"user": SALESPERSON} | options))


@pytest.fixture
def quoted(opportunities: Opportunities):
	"""A function that makes an opportunity with so many submitted quotations, each with the rows named."""

	def make(*quotations: list[str]) -> list[str]:
		customer = opportunities.rest.insert("Customer", customer_name="Quarry of Quotations")["name"]
		party = {"opportunity_from": "Customer", "party_name": customer}
		opportunity = opportunities.make(CRANE, **party)
		return [
			opportunities.rest.insert(
				"Quotation",
				quotation_to="Customer",
				party_name=customer,
				opportunity=opportunity,
				items=[{"item_name": each, "qty": 1, "rate": 50} for each in rows],
				docstatus=1,
			)["name"]
			for rows in quotations
		]

	return make


def statuses(opportunities: Opportunities, names: list[str]) -> list[str]:
	return [opportunities.rest.get("Quotation", name)["status"] for name in names]


class TestLosing:
	def test_what_stands_in_the_way_is_said_at_once_and_lost_along(self, show, quoted, opportunities):
		names = quoted(["Boom"], ["Hook"])
		pipeline = show()
		pipeline.link(CRANE).focus()
		pipeline.keyboard.press("l")
		dialog = pipeline.dialog(f"Lost: {CRANE}")
		for name in names:
			expect(dialog.get_by_role("status")).to_contain_text(name)
		expect(dialog.get_by_label("Its open quotations are lost too")).to_be_checked()
		expect(dialog.get_by_role("checkbox").and_(dialog.locator(".chip input")).first).to_be_focused()
		assert_sound(pipeline.page, sizes=["wide", "phone"])
		dialog.get_by_text(REASON, exact=True).click()
		dialog.get_by_role("button", name="Lost", exact=True).click()
		pipeline.expect_said(f"{CRANE} is lost")
		assert statuses(opportunities, names) == ["Lost", "Lost"]
		lost = opportunities.of(CRANE)
		assert (lost["status"], [row["lost_reason"] for row in lost["lost_reasons"]]) == ("Lost", [REASON])

	def test_unless_it_is_taken_off_and_then_the_server_refuses(self, show, console, quoted, opportunities):
		console.allow("status of 417")
		[name] = quoted(["Boom"])
		pipeline = show()
		pipeline.link(CRANE).focus()
		pipeline.keyboard.press("l")
		dialog = pipeline.dialog(f"Lost: {CRANE}")
		dialog.get_by_label("Its open quotations are lost too").uncheck()
		dialog.get_by_text(REASON, exact=True).click()
		dialog.get_by_role("button", name="Lost", exact=True).click()
		expect(dialog.get_by_role("alert")).to_contain_text(f"{name} is still open")
		assert statuses(opportunities, [name]) == ["Open"]

	def test_one_ordered_in_part_leaves_nothing_to_send(self, show, quoted, opportunities):
		[name] = quoted(["Boom", "Hook"])
		rows = opportunities.rest.get("Quotation", name)["items"]
		ordered = {"dt": "Quotation", "dn": name, "method": "mark_ordered"}
		opportunities.rest.call("run_doc_method", **ordered, args=f'{{"items": ["{rows[0]["name"]}"]}}')
		pipeline = show()
		pipeline.link(CRANE).focus()
		pipeline.keyboard.press("l")
		dialog = pipeline.dialog(f"Lost: {CRANE}")
		expect(dialog.get_by_role("status")).to_contain_text("is ordered in part")
		dialog.get_by_text(REASON, exact=True).click()
		expect(dialog.get_by_role("button", name="Lost", exact=True)).to_be_disabled()

	def test_without_any_nothing_is_said(self, show, opportunities):
		opportunities.make(CRANE)
		pipeline = show()
		with pipeline.page.expect_response(lambda answer: "get_panel" in answer.url):
			pipeline.link(CRANE).focus()
			pipeline.keyboard.press("l")
		dialog = pipeline.dialog(f"Lost: {CRANE}")
		expect(dialog.get_by_text(REASON, exact=True)).to_be_visible()
		expect(dialog.get_by_role("status")).to_be_empty()
		expect(dialog.get_by_label("Its open quotations are lost too")).to_have_count(0)


class TestOffers:
	def offers(self, pipeline: Pipeline, name: str):
		panel = pipeline.open(CRANE)
		panel.get_by_role("tab", name="Offers").click()
		return panel.get_by_role("group", name=name)

	def test_one_is_lost_alone(self, show, quoted, opportunities):
		names = quoted(["Boom"], ["Hook"])
		pipeline = show()
		self.offers(pipeline, names[0]).get_by_role("button", name="Declare Lost").click()
		dialog = pipeline.dialog(f"Declare Lost: {names[0]}")
		expect(dialog.get_by_role("button", name="Declare Lost")).to_be_disabled()
		expect(dialog).to_contain_text("the opportunity is lost too")
		dialog.get_by_text(REASON, exact=True).click()
		dialog.get_by_role("button", name="Declare Lost").click()
		pipeline.expect_said(f"{names[0]} is lost")
		expect(pipeline.panel.get_by_role("group", name=names[0])).to_have_count(0)
		assert statuses(opportunities, names) == ["Lost", "Open"]
		assert opportunities.of(CRANE)["status"] == "Quotation"

	def test_after_the_last_is_lost_there_is_a_new_one_or_another_day(self, show, quoted, opportunities):
		[name] = quoted(["Boom"])
		pipeline = show()
		self.offers(pipeline, name).get_by_role("button", name="Declare Lost").click()
		dialog = pipeline.dialog(f"Declare Lost: {name}")
		dialog.get_by_text(REASON, exact=True).click()
		dialog.get_by_role("button", name="Declare Lost").click()
		actions = pipeline.panel.get_by_role("group", name="Actions", exact=True)
		expect(actions.get_by_role("button")).to_have_text(["Ask Again", "New Quotation"])
		actions.get_by_role("button", name="Ask Again").click()
		dialog = pipeline.dialog("Ask Again: Quarry of Quotations")
		assert_sound(pipeline.page, sizes=["wide", "phone"])
		dialog.get_by_text("In Three Months").click()
		day = dialog.get_by_label("Date").input_value()
		dialog.get_by_role("button", name="Ask Again").click()
		expect(dialog).to_be_hidden()
		pipeline.panel.get_by_role("tab", name="Activity").click()
		expect(pipeline.panel.get_by_role("checkbox", name="Ask Again")).to_be_visible()
		opportunity = opportunities.of(CRANE)
		filters = {"reference_name": opportunity["name"], "description": "Ask Again"}
		[task] = opportunities.rest.get_list("ToDo", filters, "date", "allocated_to")
		assert (task["date"], task["allocated_to"]) == (day, SALESPERSON)
		assert opportunity["status"] == "Lost"

	def test_after_the_last_is_cancelled_everything_is_offered_again(self, show, quoted, opportunities):
		[name] = quoted(["Boom"])
		opportunities.rest.update("Quotation", name, docstatus=2)
		pipeline = show()
		pipeline.open(CRANE)
		actions = pipeline.panel.get_by_role("group", name="Actions", exact=True)
		for offered in ("Won", "Lost", "Pause", "Quotation"):
			expect(actions.get_by_role("button", name=offered, exact=True)).to_be_visible()
		expect(actions.get_by_role("button", name="Ask Again")).to_have_count(0)

	def test_some_rows_are_ordered_and_then_the_rest(self, show, quoted, opportunities):
		[name] = quoted(["Boom", "Hook"])
		pipeline = show()
		offers = self.offers(pipeline, name)
		offers.get_by_role("button", name="Mark as Ordered").click()
		dialog = pipeline.dialog(f"Ordered: {name}")
		assert_sound(pipeline.page, sizes=["wide", "phone"])
		dialog.get_by_text("Hook").click()
		dialog.get_by_role("button", name="Mark as Ordered").click()
		pipeline.expect_said(f"{name} is ordered")
		rows = opportunities.rest.get("Quotation", name)["items"]
		assert [(row["item_name"], row["ordered"]) for row in rows] == [("Boom", 1), ("Hook", 0)]
		expect(pipeline.panel).to_contain_text("Partially Ordered")
		offers.get_by_role("button", name="Mark as Ordered").click()
		dialog = pipeline.dialog(f"Ordered: {name}")
		expect(dialog.get_by_text("Hook")).to_have_count(0)
		dialog.get_by_role("button", name="Mark as Ordered").click()
		expect(offers).to_have_count(0)
		assert statuses(opportunities, [name]) == ["Ordered"]
		assert opportunities.of(CRANE)["status"] == "Converted"

	def test_what_somebody_decided_meanwhile_is_refused(self, show, console, quoted, opportunities):
		console.allow("status of 4")
		[name] = quoted(["Boom"])
		pipeline = show()
		offers = self.offers(pipeline, name)
		with pipeline.unaware():
			decided = {"dt": "Quotation", "dn": name, "method": "mark_ordered", "args": "{}"}
			opportunities.rest.call("run_doc_method", **decided)
			offers.get_by_role("button", name="Declare Lost").click()
			dialog = pipeline.dialog(f"Declare Lost: {name}")
			dialog.get_by_text(REASON, exact=True).click()
			dialog.get_by_role("button", name="Declare Lost").click()
			expect(dialog.get_by_role("alert")).to_contain_text("Ordered")
		assert statuses(opportunities, [name]) == ["Ordered"]
