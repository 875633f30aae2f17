"""A salesperson's day with the mouse; what it comes to is looked up over REST."""

import pytest

from crm_pipeline.tests.page.looking import expect
from crm_pipeline.tests.page.pipeline import PROCESS, Pipeline
from crm_pipeline.tests.page.servers import COLLEAGUE, SALESPERSON

HARBOUR, QUARRY, CRANE = "Racking for the harbour", "Trucks for the quarry", "Crane for the shipyard"


@pytest.fixture
def show(open_page):
	"""Open the page as the salesperson, at a path."""
	return lambda path="/pipeline": Pipeline(open_page(path, user=SALESPERSON))


class TestTheQueue:
	def test_done_and_snooze(self, show, opportunities):
		for title in (HARBOUR, QUARRY):
			opportunities.make(title, next_contact_date=opportunities.moment(-1), next_contact_by=SALESPERSON)
		pipeline = show("/pipeline?view=day")
		pipeline.button(f"Done: {HARBOUR}").click()
		dialog = pipeline.dialog(f"Follow-up Done: {HARBOUR}")
		dialog.get_by_label("Outcome").fill("They want it in grey")
		dialog.get_by_label("It was a call").check()
		dialog.get_by_text("In a Week").click()
		dialog.get_by_label("To Discuss").fill("The colour")
		dialog.get_by_role("button", name="Done").click()
		expect(dialog).to_be_hidden()
		expect(pipeline.button(f"Done: {HARBOUR}")).to_be_hidden()
		opportunity = opportunities.of(HARBOUR)
		assert (opportunity["next_contact_date"], opportunity["to_discuss"]) == (
			opportunities.moment(7),
			"The colour",
		)
		assert any(row["kind"] == "Call" and "grey" in row["content"] for row in opportunities.said(HARBOUR))
		expect(pipeline.main.locator(".day :focus")).to_have_count(1)  # done leads to the next

		pipeline.button(f"Snooze: {QUARRY}").click()
		dialog = pipeline.dialog(f"Snooze: {QUARRY}")
		dialog.get_by_text("In Three Days").click()
		dialog.get_by_role("button", name="Snooze").click()
		pipeline.expect_said(f"{QUARRY} is postponed")
		assert opportunities.of(QUARRY)["next_contact_date"] == opportunities.moment(3)
		pipeline.notice.get_by_role("button", name="Undo").click()
		pipeline.expect_said("Undone")
		assert opportunities.of(QUARRY)["next_contact_date"] == opportunities.moment(-1)
		expect(pipeline.button(f"Snooze: {QUARRY}")).to_be_visible()


class TestTheBoard:
	def test_drag_and_undo(self, show, opportunities):
		opportunities.make(CRANE, opportunity_amount=5000)
		pipeline = show()
		pipeline.drag(CRANE, "Pitching")
		pipeline.expect_said(f"{CRANE} moved to Pitching")
		pipeline.expect_in("Pitching", CRANE)
		assert (opportunities.of(CRANE)["sales_stage"], opportunities.of(CRANE)["probability"]) == (
			"Pitching",
			25,
		)
		pipeline.notice.get_by_role("button", name="Undo").click()
		pipeline.expect_said("Undone")
		pipeline.expect_in("Lead", CRANE)
		assert (opportunities.of(CRANE)["sales_stage"], opportunities.of(CRANE)["probability"]) == (
			"Lead",
			10,
		)

	def test_lost_with_reason_and_competitor_and_undone(self, show, opportunities):
		opportunities.make(QUARRY)
		pipeline = show()
		pipeline.drag(QUARRY, "Lost")
		dialog = pipeline.dialog(f"Lost: {QUARRY}")
		expect(dialog.get_by_role("button", name="Lost")).to_be_disabled()
		dialog.get_by_text("Price", exact=True).click()
		dialog.get_by_text("Depot Direct", exact=True).click()
		dialog.get_by_label("Details").fill("A tenth cheaper")
		dialog.get_by_text("In Three Months").click()
		dialog.get_by_role("button", name="Lost").click()
		pipeline.expect_said(f"{QUARRY} is lost")
		expect(pipeline.link(QUARRY)).to_be_hidden()
		opportunity = opportunities.of(QUARRY)
		assert (opportunity["status"], opportunity["order_lost_reason"]) == ("Lost", "A tenth cheaper")
		assert [row["lost_reason"] for row in opportunity["lost_reasons"]] == ["Price"]
		assert [row["competitor"] for row in opportunity["competitors"]] == ["Depot Direct"]
		assert opportunities.rest.get_list(
			"ToDo", {"reference_name": opportunity["name"], "status": "Open"}, "date"
		)

		pipeline.notice.get_by_role("button", name="Undo").click()
		pipeline.expect_said("Undone")
		pipeline.expect_in("Lead", QUARRY)
		opportunity = opportunities.of(QUARRY)
		assert (opportunity["status"], opportunity["sales_stage"], opportunity["lost_reasons"]) == (
			"Open",
			"Lead",
			[],
		)

	def test_won_paused_and_assigned(self, show, opportunities):
		opportunities.make(HARBOUR, opportunity_amount=1200, currency="USD")
		for title in (QUARRY, CRANE):
			opportunities.make(title)
		pipeline = show()
		pipeline.drag(HARBOUR, "Won")
		dialog = pipeline.dialog(f"Won: {HARBOUR}")
		expect(dialog.get_by_label("Revenue")).to_have_value("1200")
		dialog.get_by_label("Revenue").fill("1100")
		dialog.get_by_role("button", name="Won").click()
		pipeline.expect_said(f"{HARBOUR} is won")
		opportunity = opportunities.of(HARBOUR)
		assert (opportunity["status"], opportunity["close_revenue"], opportunity["closed_on"]) == (
			"Converted",
			1100,
			opportunities.day(0),
		)

		self.act(pipeline, QUARRY, "Pause")
		dialog = pipeline.dialog(f"Pause: {QUARRY}")
		dialog.get_by_text("Tomorrow").click()
		dialog.get_by_label("Reason").fill("Holidays")
		dialog.get_by_role("button", name="Pause").click()
		pipeline.expect_said(f"{QUARRY} is paused")
		opportunity = opportunities.of(QUARRY)
		assert (opportunity["status"], opportunity["paused_until"], opportunity["pause_reason"]) == (
			"Paused",
			opportunities.day(1),
			"Holidays",
		)

		self.act(pipeline, CRANE, "Assign")
		dialog = pipeline.dialog(f"Assign: {CRANE}")
		dialog.get_by_role("option", name="Priya Raman").click()
		dialog.get_by_role("button", name="Assign").click()
		pipeline.expect_said("Priya Raman")
		assert opportunities.of(CRANE)["opportunity_owner"] == COLLEAGUE
		pipeline.notice.get_by_role("button", name="Undo").click()
		pipeline.expect_said("Undone")
		assert opportunities.of(CRANE)["opportunity_owner"] == SALESPERSON

	@staticmethod
	def act(pipeline, title, action):
		pipeline.card(title).hover()
		pipeline.button(f"All actions: {title}").click()
		pipeline.dialog(title).get_by_role("button", name=action).click()


class TestTheList:
	def test_many_at_once_and_undone(self, show, opportunities):
		titles = (f"{CRANE} 1", f"{CRANE} 2")
		for title in titles:
			opportunities.make(title)
		pipeline = show("/pipeline?view=list&text=crane+shipyard")
		for title in titles:
			pipeline.main.get_by_role("checkbox", name=f"Choose {title}").check()
		pipeline.main.get_by_role("toolbar").get_by_role("button", name="Pause").click()
		dialog = pipeline.dialog("2 opportunities")
		dialog.get_by_text("Tomorrow").click()
		dialog.get_by_role("button", name="Pause").click()
		pipeline.expect_said("Paused: 2")
		assert {opportunities.of(title)["status"] for title in titles} == {"Paused"}
		pipeline.notice.get_by_role("button", name="Undo").click()
		pipeline.expect_said("Undone: 2")
		assert {opportunities.of(title)["status"] for title in titles} == {"Open"}


class TestThePanel:
	def test_values_are_edited_in_place(self, show, opportunities):
		opportunities.make(CRANE, opportunity_amount=5000, currency="USD")
		pipeline = show()
		panel = pipeline.open(CRANE)
		self.edit(panel, "Opportunity Amount", "7500")
		pipeline.expect_said("saved")
		expect(pipeline.card(CRANE)).to_contain_text("$7,500.00")
		self.edit(panel, "Opportunity Name", HARBOUR)
		pipeline.expect_in("Lead", HARBOUR)
		pipeline.expect_said("Opportunity Name saved")
		assert opportunities.of(HARBOUR)["opportunity_amount"] == 7500

	def test_what_was_said_is_noted_with_the_next_step(self, show, opportunities):
		opportunities.make(QUARRY)
		pipeline = show()
		panel = pipeline.open(QUARRY)
		panel.get_by_label("What is worth knowing").fill("Prefers mornings")
		panel.get_by_role("button", name="Save", exact=True).click()
		expect(panel.get_by_role("region", name="What was said")).to_contain_text("Prefers mornings")
		panel.get_by_text("Call", exact=True).click()
		panel.get_by_label("What was said on the phone").fill("Wants three offers")
		panel.get_by_text("In Three Days").click()
		panel.get_by_role("textbox", name="To Discuss").fill("The third offer")
		panel.get_by_role("button", name="Save", exact=True).click()
		expect(panel.get_by_role("region", name="What was said")).to_contain_text("Wants three offers")
		opportunity = opportunities.of(QUARRY)
		assert (opportunity["next_contact_date"], opportunity["to_discuss"]) == (
			opportunities.moment(3),
			"The third offer",
		)
		said = [(row["kind"], row["content"]) for row in opportunities.said(QUARRY)]
		assert ("Call", "Wants three offers") in said
		assert ("Note", "Prefers mornings") in said

	@staticmethod
	def edit(panel, label, text):
		panel.get_by_role("button", name=f"{label}:").click()
		panel.get_by_role("textbox", name=label).fill(text)
		panel.get_by_role("textbox", name=label).press("Enter")

	def test_a_party_is_taken_with_enter_as_soon_as_it_is_found(self, show, opportunities, rest):
		customer = rest.insert("Customer", customer_name="Quarry Works of Test")["name"]
		opportunities.make(QUARRY)
		pipeline = show()
		panel = pipeline.open(QUARRY)
		panel.get_by_text("No party").click()
		pipeline.keyboard.type("Quarry Works")
		pipeline.keyboard.press("Enter")  # nothing has been found yet, and what is typed stays
		expect(panel.get_by_role("option").first).to_contain_text("Quarry Works of Test")
		pipeline.keyboard.press("Enter")
		pipeline.expect_said("saved")
		assert opportunities.of(QUARRY)["party_name"] == customer

	def test_a_party_is_taken_with_one_click(self, show, opportunities, rest):
		rest.insert("Customer", customer_name="New Quarry Works")
		customer = rest.insert("Customer", customer_name="Quarry Works of Test")["name"]
		opportunities.make(QUARRY)
		pipeline = show()
		panel = pipeline.open(QUARRY)
		panel.get_by_text("No party").click()
		panel.get_by_role("combobox", name="Party").fill("Quarry Works")
		expect(panel.get_by_role("option").first).to_contain_text("Quarry Works of Test")  # is called so
		panel.get_by_role("option").first.click()
		pipeline.expect_said("saved")
		assert opportunities.of(QUARRY)["party_name"] == customer

	def test_a_task_is_given_to_a_colleague(self, show, opportunities, rest):
		opportunities.make(QUARRY)
		pipeline = show()
		panel = pipeline.open(QUARRY)
		panel.get_by_label("New Task").fill("Measure the ramp")
		panel.get_by_label("Whose Task").select_option(COLLEAGUE)
		panel.get_by_role("button", name="Add", exact=True).click()
		expect(panel.get_by_label("Measure the ramp")).to_be_visible()
		expect(panel.get_by_label("Whose Task")).to_be_hidden()
		filters = {"reference_name": opportunities.named(QUARRY), "description": "Measure the ramp"}
		[task] = rest.get_list("ToDo", filters, "allocated_to", "assigned_by")
		assert (task["allocated_to"], task["assigned_by"]) == (COLLEAGUE, SALESPERSON)

	@pytest.mark.parametrize("view", ["board", "list", "forecast", "day", "activities"])
	def test_it_scrolls_and_the_page_does_not(self, show, opportunities, view):
		opportunities.make_many("Crane", 40, next_contact_date=opportunities.moment(-1))
		name = opportunities.make(QUARRY, next_contact_date=opportunities.moment(-1))
		pipeline = show(f"/pipeline?view={view}#{name}")
		expect(pipeline.opened(QUARRY).get_by_label("New Task")).to_be_attached()
		expect(pipeline.main.get_by_role("link", name="Crane").first).to_be_visible()
		assert not pipeline.page.evaluate("document.documentElement.scrollHeight - innerHeight")

	def test_a_click_on_what_it_was_goes_on_to_the_text(self, show, opportunities):
		opportunities.make(QUARRY)
		pipeline = show()
		panel = pipeline.open(QUARRY)
		panel.locator(".composer").get_by_text("Call", exact=True).click()
		pipeline.keyboard.type("They call back")
		expect(panel.locator(".composer textarea")).to_have_value("They call back")


class TestWhatAStageRequires:
	@pytest.fixture(autouse=True)
	def requirements(self, rest, server):
		"""Pitching asks for a closing date and what the customer needs."""
		process = rest.get("Sales Process", PROCESS)
		rows = [
			{"sales_stage": "Pitching", "requirement": "Field", "fieldname": field}
			for field in ("expected_closing", "customer_need")
		]
		rest.update("Sales Process", PROCESS, requirements=[*process["requirements"], *rows])
		yield
		administrator = server.sign_in(server.administrator)  # anew: what the test made is gone, sessions too
		administrator.update("Sales Process", PROCESS, requirements=process["requirements"])
		server.restore()

	def fill_in(self, form, day):
		form.get_by_label("Expected Closing").fill(day)
		form.get_by_label("Customer Need").fill("Racks <b>for</b> pallets\n\nin grey")

	def assert_moved(self, opportunities, day):
		stored = opportunities.of(CRANE)
		assert (stored["sales_stage"], stored["expected_closing"]) == ("Pitching", day)
		assert "<p>in grey</p>" in stored["customer_need"]
		assert "<b>" not in stored["customer_need"]

	def test_it_is_filled_in_where_a_card_is_dropped(self, show, opportunities, console):
		console.allow("status of 417")
		opportunities.make(CRANE)
		pipeline, day = show(), opportunities.day(9)
		pipeline.drag(CRANE, "Pitching")
		dialog = pipeline.dialog("Pitching asks for more")
		dialog.get_by_role("button", name="Move", exact=True).click()
		expect(dialog.get_by_role("alert")).to_contain_text("Expected Closing")
		assert opportunities.of(CRANE)["sales_stage"] == "Lead"
		self.fill_in(dialog, day)
		dialog.get_by_role("button", name="Move", exact=True).click()
		pipeline.expect_said(f"{CRANE} moved to Pitching")
		self.assert_moved(opportunities, day)

	def test_it_is_filled_in_from_the_panel_too(self, show, opportunities):
		opportunities.make(CRANE)
		pipeline, day = show(), opportunities.day(9)
		panel = pipeline.open(CRANE)
		panel.get_by_role("button", name="Pitching").click()
		dialog = pipeline.dialog("Pitching asks for more")
		self.fill_in(dialog, day)
		dialog.get_by_role("button", name="Move", exact=True).click()
		pipeline.expect_said(f"{CRANE} moved to Pitching")
		self.assert_moved(opportunities, day)


class TestWhatIsMade:
	def test_an_opportunity_and_its_quotation(self, show, opportunities, rest):
		rest.insert("Customer", customer_name="Quarry Works of Test")
		pipeline = show()
		pipeline.button("New").click()
		dialog = pipeline.dialog("New Opportunity")
		dialog.get_by_label("Name").fill(CRANE)
		dialog.get_by_role("combobox", name="Customer or Lead").fill("Quarry Works")
		dialog.get_by_role("option", name="Quarry Works of Test").click()
		dialog.get_by_label("Amount").fill("900")
		dialog.get_by_text("Pitching").click()
		dialog.get_by_role("button", name="Create").click()
		panel = pipeline.opened(CRANE)
		pipeline.expect_in("Pitching", CRANE)
		opportunity = opportunities.of(CRANE)
		assert (opportunity["opportunity_amount"], opportunity["opportunity_owner"]) == (900, SALESPERSON)
		assert opportunity["customer_name"] == "Quarry Works of Test"

		panel.get_by_role("button", name="Quotation", exact=True).click()
		dialog = pipeline.dialog("Make Quotation")
		dialog.get_by_role("button", name="Make Quotation").click()
		made = pipeline.dialog("Quotation made")
		expect(made).to_be_visible()
		made.get_by_role("button", name="Close").last.click()
		[quotation] = opportunities.rest.get_list(
			"Quotation", {"opportunity": opportunity["name"]}, "name", "docstatus"
		)
		assert quotation["docstatus"] == 0
		panel.get_by_role("tab", name="Offers").click()
		expect(panel).to_contain_text(quotation["name"])
