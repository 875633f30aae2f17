"""Mails written in the panel: with a template and a file, kept, refused, sent once; and why none can be sent."""

import re

import pytest

from crm_pipeline.tests.page.browser import PHONE
from crm_pipeline.tests.page.looking import assert_sound, expect
from crm_pipeline.tests.page.pipeline import Opportunities, Pipeline
from crm_pipeline.tests.page.rest import Rest
from crm_pipeline.tests.page.servers import ADMINISTRATOR, SALESPERSON, Server
from crm_pipeline.tests.page.test_trust import lose_answers

CRANE, TEMPLATE = "Crane for the shipyard", "Our Offer of Cranes"
ADDRESS = "ada@shipyard.example"
BORDER = "each => getComputedStyle(each).borderTopColor"
MAKE = "communication.email.make"
PLAN = {"name": "plan.csv", "mimeType": "text/csv", "buffer": b"Plan,Date\n"}


@pytest.fixture
def account(rest: Rest, server: Server) -> None:
	"""The site's mails leave from an account; in tests they stay in the Email Queue."""
	unasked = {"awaiting_password": 1} if server.is_bench else {}  # so that no mail server is asked
	account = {"email_account_name": "Sales of Test", "email_id": "sales@example.com", **unasked}
	rest.insert(
		"Email Account", enable_outgoing=1, default_outgoing=1, smtp_server="mail.example.com", **account
	)


@pytest.fixture
def template(rest: Rest) -> None:
	text = "<p>Dear customer,</p><p>here is <b>{{ title }}</b>.</p>"
	rest.insert("Email Template", name=TEMPLATE, subject="Your {{ title }}", response_html=text, use_html=1)


@pytest.fixture
def show(open_page, crane):
	def show(user: str = SALESPERSON, **options) -> Pipeline:
		pipeline = Pipeline(open_page(f"/pipeline?scope=all#{crane}", user=user, **options))
		pipeline.opened(CRANE).locator(".composer").get_by_text("Mail", exact=True).click()
		return pipeline

	return show


@pytest.fixture
def crane(opportunities: Opportunities) -> str:
	return opportunities.make(CRANE, contact_email=ADDRESS)


def mails(rest: Rest, name: str) -> list[dict]:
	fields = ("name", "subject", "content", "recipients", "cc", "email_template", "has_attachment")
	return rest.get_list("Communication", {"reference_name": name, "communication_medium": "Email"}, *fields)


@pytest.mark.usefixtures("account", "template")
class TestSending:
	def test_with_a_template_and_a_file(self, show, opportunities, rest):
		pipeline = show()
		panel = pipeline.panel
		expect(panel.get_by_label("To", exact=True)).to_have_value(ADDRESS)
		panel.get_by_label("Template").select_option(TEMPLATE)
		expect(panel.get_by_label("Subject")).to_have_value(f"Your {CRANE}")
		expect(panel.get_by_label("What you write to them")).to_have_value(
			re.compile(f"Dear customer,\\s+here is {CRANE}\\.")
		)
		panel.get_by_label("Attach").set_input_files([PLAN])
		expect(panel.get_by_role("button", name="Remove plan.csv")).to_be_visible()
		panel.get_by_label("Copy to").fill("b@shipyard.example")
		assert_sound(pipeline.page, sizes=["wide", "phone"])
		panel.get_by_role("button", name="Send", exact=True).click()
		pipeline.expect_said("Mail sent")
		said = panel.get_by_role("region", name="What was said and what changed")
		expect(said.get_by_role("listitem").filter(has_text="Mail sent").first).to_contain_text(
			f"Your {CRANE}"
		)
		expect(panel.get_by_label("Subject")).to_have_value(CRANE)  # of the next one

		name = opportunities.named(CRANE)
		[mail] = mails(rest, name)
		assert mail["content"] == f"<p>Dear customer,</p><p>here is <b>{CRANE}</b>.</p>"
		assert (mail["recipients"], mail["cc"]) == (ADDRESS, "b@shipyard.example")
		assert (mail["email_template"], mail["has_attachment"]) == (TEMPLATE, 1)
		[file] = rest.get_list("File", {"attached_to_name": mail["name"]}, "file_name", "is_private")
		assert file["is_private"] and file["file_name"].startswith("plan")
		assert len(rest.get_list("Email Queue", {"communication": mail["name"]})) == 1
		assert opportunities.of(CRANE)["status"] == "Replied"

	def test_what_it_completes_is_said_and_undone_without_it(self, show, crane, opportunities, rest):
		due = opportunities.moment(-1)
		rest.update("Opportunity", crane, next_contact_date=due, next_contact_by=SALESPERSON)
		pipeline = show()
		pipeline.panel.get_by_label("What you write to them").fill("Hello")
		pipeline.panel.get_by_role("button", name="Send", exact=True).click()
		pipeline.expect_said(f"Mail sent. Follow-up Done: {CRANE}")
		pipeline.button(re.compile("^Undo")).click()
		pipeline.expect_said("Undone")
		assert opportunities.of(CRANE)["next_contact_date"] == due
		assert len(mails(rest, crane)) == 1

	@pytest.mark.parametrize("planned", [False, True])
	def test_whoever_waits_is_answered_from_my_day(self, open_page, crane, opportunities, rest, planned):
		if planned:
			rest.update("Opportunity", crane, next_contact_date=opportunities.moment(9))
		received = {"communication_medium": "Email", "sent_or_received": "Received", "sender": ADDRESS}
		on_it = {"reference_doctype": "Opportunity", "reference_name": crane}
		rest.insert(
			"Communication",
			communication_type="Communication",
			subject="Where is our offer?",
			content="<p>We wait.</p>",
			**received,
			**on_it,
		)
		pipeline = Pipeline(open_page("/pipeline?view=day&scope=all", user=SALESPERSON))
		expect(pipeline.button(f"Done: {CRANE}")).to_have_count(0)
		expect(pipeline.button(f"{'Open' if planned else 'Plan next step:'} {CRANE}")).to_be_visible()
		pipeline.button(f"Reply: {CRANE}").click()
		expect(pipeline.opened(CRANE).get_by_label("To", exact=True)).to_have_value(ADDRESS)
		expect(pipeline.panel.get_by_label("What you write to them")).to_be_focused()

	def test_a_draft_is_kept(self, show):
		pipeline = show()
		expect(pipeline.panel.get_by_label("Subject")).to_have_value(CRANE)
		pipeline.panel.get_by_label("Subject").fill("About the ramp")
		pipeline.panel.get_by_label("What you write to them").fill("Half a sentence")
		pipeline.page.reload()
		expect(pipeline.panel.get_by_label("Subject")).to_have_value("About the ramp")
		expect(pipeline.panel.get_by_label("What you write to them")).to_have_value("Half a sentence")

	def test_a_refusal_is_said_at_the_line(self, show, rest, opportunities, console):
		console.allow("status of 417")
		pipeline = show()
		panel = pipeline.panel
		panel.get_by_label("Copy to").fill("b@shipyard.example, nobody")
		panel.get_by_label("What you write to them").fill("Hello")
		panel.get_by_role("button", name="Send", exact=True).click()
		expect(panel.get_by_role("alert").filter(has_text="nobody is not a valid").first).to_be_visible()
		expect(panel.get_by_label("Copy to")).to_have_attribute("aria-invalid", "true")
		expect(panel.get_by_label("To", exact=True)).to_have_attribute("aria-invalid", "false")
		borders = [panel.get_by_label(name, exact=True).evaluate(BORDER) for name in ("Copy to", "To")]
		assert borders[0] != borders[1]
		expect(panel.get_by_label("What you write to them")).to_have_value("Hello")
		assert_sound(pipeline.page)
		assert mails(rest, opportunities.named(CRANE)) == []
		panel.get_by_label("Copy to").fill("")
		panel.get_by_role("button", name="Send", exact=True).click()
		pipeline.expect_said("Mail sent")
		assert len(mails(rest, opportunities.named(CRANE))) == 1

	def test_sent_twice_it_goes_out_once(self, show, rest, opportunities, console):
		console.allow("ERR_FAILED")
		pipeline = show()
		panel = pipeline.panel
		panel.get_by_label("Attach").set_input_files([PLAN])
		panel.get_by_label("What you write to them").fill("Hello")
		find_again = lose_answers(pipeline, MAKE)
		panel.get_by_role("button", name="Send", exact=True).click()
		expect(panel.get_by_role("alert").filter(has_text="cannot be reached").first).to_be_visible()
		find_again()
		panel.get_by_role("button", name="Send", exact=True).dblclick()
		pipeline.expect_said("Mail sent")
		[mail] = mails(rest, opportunities.named(CRANE))
		assert mail["content"] == "<p>Hello</p>"
		assert len(rest.get_list("File", {"attached_to_name": mail["name"]})) == 1


class TestWithoutAnAccount:
	@pytest.mark.parametrize("options", [{}, {"size": PHONE}])
	def test_it_says_why(self, show, options):
		pipeline = show(**options)
		expect(pipeline.panel).to_contain_text("No outgoing mail account is set up yet.")
		expect(pipeline.panel.get_by_role("button", name="Send", exact=True)).to_be_hidden()
		assert_sound(pipeline.page)
		pipeline.panel.locator(".composer").get_by_text("Note", exact=True).click()
		expect(pipeline.panel.get_by_role("button", name="Save", exact=True)).to_be_visible()

	def test_it_leads_those_who_may_where_one_is_set_up(self, show, server):
		link = "Set up an Email Account"
		expect(show().panel.get_by_role("link", name=link)).to_have_count(0)
		expected = int(server.is_bench)  # Desk has the form
		expect(show(user=ADMINISTRATOR).panel.get_by_role("link", name=link)).to_have_count(expected)
