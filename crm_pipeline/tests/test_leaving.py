"""Installing and uninstalling leaves every table as it was: on a site of its own, in a process that commits."""

from crm_pipeline.tests.own_site import OwnSiteCase, python


class TestLeaving(OwnSiteCase):
	def test_every_table_is_as_before(self):
		done = python("-m", "crm_pipeline.tests.leaving", self.make_site("leaving"))
		said = [line for line in done.stdout.splitlines() if line.startswith(("+ ", "- "))]
		self.assertEqual(said, [])
