"""A headless Chromium that works in Desk as a person does, and tests that use it.

Needs selenium, chromium and its driver.
"""

import os
import shutil
import time

import frappe
from frappe.utils.password import update_password

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_user

NO_BROWSER = "Desk is served by a bench only."
PASSWORD = "Twenty-one-otters"
HOW_TO_INSTALL = (
	"No browser to look at Desk with ({missing}). Install chromium and its driver (Debian: apt-get install "
	'chromium chromium-driver) and `pip install selenium`, or leave these tests out: pytest -m "not browser".'
)
PATIENCE = 30  # seconds
QUIET = "return !!(window.frappe && frappe.boot && frappe.request && !frappe.request.ajax_count)"


def payload(place: str) -> str:
	"""Text that says so if it runs. In quotes it is JSON, which Frappe keeps as it is."""
	return f"\"<img src=x onerror=localStorage.ran='{place.replace(' ', '_')}'>\""


def encoded(place: str) -> str:
	return f"&lt;img src=x onerror=localStorage.ran='{place.replace(' ', '_')}'&gt; `${{localStorage.ran=1}}` javascript:alert(1)"


def start():
	"""Return a selenium driver of a new browser; WEBDRIVER_URL names a driver that runs elsewhere.

	Raises:
		RuntimeError: there is none; says how to install it.
	"""
	try:
		from selenium import webdriver
	except ImportError as error:
		raise RuntimeError(HOW_TO_INSTALL.format(missing="selenium")) from error
	options = webdriver.ChromeOptions()
	for argument in ("headless=new", "no-sandbox", "disable-gpu", "window-size=1440,900", "no-proxy-server"):
		options.add_argument(f"--{argument}")
	options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
	if elsewhere := os.environ.get("WEBDRIVER_URL"):
		return webdriver.Remote(elsewhere, options=options)
	chromium = shutil.which("chromium") or shutil.which("google-chrome")
	chromedriver = shutil.which("chromedriver")
	if not (chromium and chromedriver):
		raise RuntimeError(HOW_TO_INSTALL.format(missing="chromium or chromedriver"))
	options.binary_location = chromium
	return webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))


def remove_user(user: str) -> None:
	"""Delete a user who has worked in Desk, with what Frappe keeps for whoever does."""
	for contact in frappe.get_all(
		"Contact Email", {"email_id": user, "parenttype": "Contact"}, pluck="parent"
	):
		frappe.delete_doc("Contact", contact, force=True, ignore_permissions=True)
	frappe.delete_doc("User", user, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.db.delete("Dashboard Settings", {"name": user})
	frappe.db.delete("DefaultValue", {"parent": user})
	frappe.db.delete("Version", {"owner": user})
	sessions = frappe.qb.Table("tabSessions")
	frappe.qb.from_(sessions).delete().where(sessions.user == user).run()


class Desk:
	"""Desk of the bench that serves FRAPPE_URL, or else the site's own address."""

	def __init__(self, user: str, password: str):
		self.url = os.environ.get("FRAPPE_URL") or frappe.utils.get_url()
		self.driver = start()
		self.driver.set_page_load_timeout(PATIENCE)
		self.driver.set_script_timeout(PATIENCE)
		self.sign_in(user, password)

	def sign_in(self, user: str, password: str):
		self.driver.get(f"{self.url}/login")
		answer = self.driver.execute_async_script(
			"const done = arguments[2];"
			"fetch('/api/method/login', {method: 'POST', headers: {'Content-Type': 'application/json'},"
			" body: JSON.stringify({usr: arguments[0], pwd: arguments[1]})}).then((r) => done(r.status))",
			user,
			password,
		)
		if answer != 200:
			raise RuntimeError(f"{self.url} lets {user} not in: {answer}")
		self.start_anew()

	def start_anew(self):
		"""Load Desk, which then knows nothing of what it showed before."""
		self.driver.get(f"{self.url}/app/todo")
		self.wait(QUIET)

	def run(self, script: str, *arguments):
		return self.driver.execute_script(script, *arguments)

	def wait(self, condition: str, *arguments):
		"""Wait until a script answers with something true, and return that."""
		end = time.monotonic() + PATIENCE
		while time.monotonic() < end:
			if answer := self.run(condition, *arguments):
				return answer
			time.sleep(0.2)
		raise TimeoutError(f"not within {PATIENCE} s: {condition} {arguments} {self.state()}")

	def go(self, *route: str):
		"""Go to a route of Desk, and wait until it has loaded what it shows."""
		self.run("frappe.set_route(arguments[0])", list(route))
		self.wait("return frappe.get_route()[0] === arguments[0]", route[0])
		self.rest()

	def rest(self):
		time.sleep(0.5)
		self.wait(QUIET)
		time.sleep(0.5)

	def open(self, doctype: str, name: str):
		"""Open a form."""
		self.run("frappe.set_route('Form', arguments[0], arguments[1])", doctype, name)
		self.wait(
			"return window.cur_frm && cur_frm.doctype === arguments[0] && cur_frm.docname === arguments[1]"
			" && !!cur_frm.fields_dict && !cur_frm.is_new()",
			doctype,
			name,
		)
		self.rest()

	def forget(self, doctype: str, name: str):
		"""Let Desk read a document anew: in the form that shows it, or when it is opened next."""
		self.run(
			"frappe.model.remove_from_locals(arguments[0], arguments[1]);"
			"if (window.cur_frm && cur_frm.docname === arguments[1]) cur_frm.reload_doc()",
			doctype,
			name,
		)
		self.rest()

	def press(self, label: str):
		"""Press a button of ours on the form that is open."""
		self.wait("return !!(cur_frm.custom_buttons[arguments[0]])", label)
		self.run("cur_frm.custom_buttons[arguments[0]].click()", label)

	def dialog(self) -> str:
		"""Wait for a dialog, and return its title as it is read."""
		title = self.wait(
			"return window.cur_dialog && cur_dialog.display && cur_dialog.$wrapper.find('.modal-title').text().trim()"
		)
		self.rest()
		return title

	def close(self):
		self.run("window.cur_dialog && cur_dialog.hide()")
		self.wait("return !window.cur_dialog || !cur_dialog.display")

	def console(self) -> list[str]:
		"""What went wrong in the page since it was last asked."""
		if not hasattr(self.driver, "get_log"):  # a driver elsewhere keeps it to itself
			return []
		rows = [row["message"] for row in self.driver.get_log("browser") if row["level"] == "SEVERE"]
		return [row[:200] for row in rows if "socket.io" not in row]

	def state(self) -> list:
		form = "return window.cur_frm && [cur_frm.doctype, cur_frm.docname, cur_frm.is_dirty()]"
		return [self.run("return frappe.get_route()"), self.run(form), self.console()]

	def quit(self):
		self.driver.quit()


class DeskCase(TestCase):
	"""Records are committed, for the server to see them, and deleted after."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.set_user("Administrator")
		cls.made = []
		cls.addClassCleanup(cls.remove)
		cls.user = make_user("Sales User", "Sales Manager", "Purchase User", "System Manager")
		update_password(cls.user, PASSWORD)
		cls.make_records()
		frappe.db.commit()
		cls.desk = Desk(cls.user, PASSWORD)
		cls.addClassCleanup(cls.desk.quit)

	@classmethod
	def make_records(cls):
		"""Make what the tests look at, and keep it by `keep`."""
		raise NotImplementedError

	@classmethod
	def keep(cls, doc):
		cls.made.append((doc.doctype, doc.name))
		return doc

	@classmethod
	def remove(cls):
		frappe.set_user("Administrator")
		frappe.db.rollback()
		for doctype, name in reversed(cls.made):
			doc = frappe.get_doc(doctype, name)
			if doc.docstatus == 1:
				doc.cancel()
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)
		remove_user(cls.user)
		frappe.db.commit()

	def undo(self):
		frappe.db.rollback()

	def assertNothingRan(self, where: str):
		self.assertIsNone(
			self.desk.run("const r = localStorage.ran; delete localStorage.ran; return r"), where
		)
