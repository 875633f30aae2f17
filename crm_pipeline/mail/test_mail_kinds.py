"""Ten mails of ten kinds: what becomes of each, handed in and fetched over POP3 and IMAP."""

import frappe
import pytest
from frappe.utils import get_datetime

from crm_pipeline.mail.test_mail_fetched import NO_FETCHING, account_fields, receive
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_mail, make_opportunity
from crm_pipeline.tests.mail import deliver_raw, make_mailbox
from crm_pipeline.tests.mail_servers import Imap, MailServer, Pop3
from crm_pipeline.tests.raw_messages import message

ANSWER = b"In-Reply-To: <%s@seller.example>\n"
LATER, EARLIER = "2020-11-12 10:00:00", "2020-11-01 10:00:00"  # the mails are of 10 November 2020
OPEN, REPLIED = ("Open", "Us"), ("Replied", "Them")
# Each as (fields of the message, moments of our mails before it, status and turn after it, name of a new sender).
KINDS = {
	"an answer that wants none": (
		{"more": ANSWER + b"X-Auto-Response-Suppress: OOF, DR, RN, NRN\n"},
		[EARLIER],
		OPEN,
		None,
	),
	"a web form": (
		{
			"sender": b"Website <forms-%s@buyer.example>",
			"more": b"Auto-Submitted: auto-generated\nReply-To: cora-%s@buyer.example\n",
		},
		[],
		OPEN,
		"cora-%s@buyer.example",
	),
	"forwarded by a rule": ({"more": b"Auto-Submitted: auto-forwarded\n"}, [], OPEN, "Ann Gen"),
	"a person on a list": ({"more": b"Precedence: bulk\nX-Loop: buyers.example\n"}, [], OPEN, "Ann Gen"),
	"no automatic answer": ({"more": b"X-Autoreply: no\n"}, [], OPEN, "Ann Gen"),
	"out of office": (
		{"subject": b"Out of office: Re: Racks", "more": ANSWER + b"Auto-Submitted: auto-replied\n"},
		[EARLIER],
		REPLIED,
		None,
	),
	"a surname first": (
		{"sender": b"=?utf-8?q?M=C3=BCller=2C_J=C3=B6rg?= <joerg-%s@buyer.example>"},
		[],
		OPEN,
		"M\u00fcller J\u00f6rg",
	),
	"a subject in brackets": ({"subject": b"[EXTERNAL] Offer for doors"}, [], OPEN, "Ann Gen"),
	"a charset that nobody knows": (
		{
			"subject": b"=?x-unknown?q?Offer_for_caf=E9?=",
			"kind": b"Content-Type: text/plain; charset=x-unknown\n",
			"body": b"Tables for a caf\xe9.\n",
		},
		[],
		OPEN,
		"Ann Gen",
	),
	"fetched late": ({"more": ANSWER}, [EARLIER, LATER], REPLIED, None),
}


class Kind:
	"""One of the mails, with numbers of its own, and what stood before it came."""

	def __init__(self, fields: dict, ours: list[str], after: tuple, name: str | None):
		self.number, self.after = frappe.generate_hash(length=8), after
		number = self.number.encode()
		more = fields.get("more", b"").replace(b"%s", number)
		self.raw = message(self.number, **{**fields, "more": more})
		self.name = name and name.replace("%s", self.number)
		self.opportunity = make_opportunity() if ours else None
		for which, moment in enumerate(ours):
			message_id = f"{'again-' * which}{self.number}@seller.example"
			make_mail(self.opportunity, message_id=message_id, communication_date=moment)

	def result(self):
		mail = frappe.get_doc("Communication", {"message_id": f"{self.number}@buyer.example"})
		return mail, frappe.get_doc("Opportunity", mail.reference_name)


class Kinds:
	"""What must become of the ten, whichever way they come."""

	def assertTaken(self, kinds: dict[str, Kind]):
		for what, kind in kinds.items():
			with self.subTest(what):
				mail, opportunity = kind.result()
				self.assertEqual((opportunity.status, opportunity.waiting_for), kind.after)
				self.assertIn(kind.opportunity and kind.opportunity.name, (None, opportunity.name))
				if kind.name:
					self.assertEqual(opportunity.customer_name, kind.name)
				if what == "out of office":
					self.assertEqual(
						(mail.communication_type, opportunity.contacted_in), ("Automated Message", 0)
					)
				else:
					self.assertEqual(get_datetime(opportunity.last_response_on), mail.communication_date)
				self.assertFalse(frappe.db.exists("Mail Intake Log", {"communication": mail.name}))


class TestKinds(Kinds, TestCase):
	def test_handed_in(self):
		mailbox = make_mailbox()
		kinds = {what: Kind(*kind) for what, kind in KINDS.items()}
		for kind in kinds.values():
			deliver_raw(kind.raw, mailbox)
		self.assertTaken(kinds)

	def test_the_name_beside_the_address_that_answers_go_to(self):
		mailbox = make_mailbox()
		of_house = b"Shop <shop@" + mailbox.email_id.partition("@")[2].encode() + b">"
		for sender, reply_to, name in (
			(b"Website <forms@buyer.example>", b"Cora Lind <%s>", "Cora Lind"),
			(b"Website <forms@buyer.example>", b"=?utf-8?q?J=C3=B6rg?= <%s>", "J\u00f6rg"),
			(of_house, b"%s", None),
			(b"Cora Lind <cora@work.example>", b"%s", "Cora Lind"),
			(b"Cora Lind <%s>", b"%s", "Cora Lind"),
		):
			number = frappe.generate_hash(length=8)
			address = f"cora-{number}@buyer.example"
			with self.subTest((sender, reply_to)):
				more = b"Reply-To: " + reply_to.replace(b"%s", address.encode()) + b"\n"
				sender = sender.replace(b"%s", address.encode())
				mail = deliver_raw(message(number, sender=sender, more=more), mailbox)
				self.assertEqual((mail.sender, mail.sender_full_name), (address, name or address))


@pytest.mark.bench_only(NO_FETCHING)
class TestKindsFetched(Kinds, TestCase):
	def test_fetched(self):
		for protocol in (Pop3, Imap):
			kinds = {what: Kind(*kind) for what, kind in KINDS.items()}
			raw = [kind.raw for kind in kinds.values()]
			with self.subTest(protocol.__name__), MailServer(raw, protocol) as server:
				account = make_mailbox(**account_fields(server))
				receive(account)
				receive(account)  # an IMAP folder is read twice before all is marked as seen
				self.assertTaken(kinds)
