"""The web server."""

import threading

import frappe.app
from frappe.utils.scheduler import keep_running
from gunicorn.app.base import BaseApplication

THREADS = 4


class Server(BaseApplication):
	"""Gunicorn with one worker process of several threads: cache and scheduler live in the process."""

	def __init__(self, site: str, address: str, with_scheduler: bool):
		frappe.app.use_site(site)
		self.site, self.with_scheduler = site, with_scheduler
		self.settings = {"bind": address, "workers": 1, "threads": THREADS, "loglevel": "warning"}
		super().__init__()

	def load_config(self):
		for key, value in self.settings.items():
			self.cfg.set(key, value)

	def load(self):
		if self.with_scheduler:
			threading.Thread(target=keep_running, args=(self.site,), daemon=True).start()
		return frappe.app.application
