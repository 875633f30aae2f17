"""Connections of the embedded host that are used again."""

import os
import sqlite3
import tempfile

import frappe
from frappe.database.connection import KEPT, Pool
from frappe.database.database import Database

from crm_pipeline.tests.base import TestCase


class TestPool(TestCase):
	def path(self) -> str:
		return frappe.get_site_path("db.sqlite3")

	def test_a_connection_is_given_back_once(self):
		database = Database()
		database.close()
		database.close()
		first, second = Database(), Database()
		self.assertIsNot(first._conn, second._conn)
		first.close()
		second.close()

	def test_the_next_one_finds_it_as_new(self):
		pool = Pool()
		connection = pool.take(self.path())
		connection.execute("PRAGMA busy_timeout = 5")
		connection.execute("begin")
		pool.give_back(connection)
		self.assertIs(pool.take(self.path()), connection)
		self.assertFalse(connection.in_transaction)
		self.assertEqual(connection.execute("PRAGMA busy_timeout").fetchone(), (30_000,))
		connection.close()

	def test_one_to_a_file_that_was_replaced_is_closed(self):
		with tempfile.TemporaryDirectory() as folder:
			pool, path = Pool(), f"{folder}/db.sqlite3"
			replaced, gone = pool.take(path), pool.take(path)
			os.replace(path, f"{folder}/former.sqlite3")
			pool.give_back(gone)
			self.assertRaises(sqlite3.ProgrammingError, gone.execute, "select 1")
			other = pool.take(path)
			pool.give_back(replaced)
			self.assertRaises(sqlite3.ProgrammingError, replaced.execute, "select 1")
			other.close()

	def test_no_more_are_kept_than_are_of_use(self):
		pool = Pool()
		taken = [pool.take(self.path()) for _number in range(KEPT + 2)]
		for connection in taken:
			pool.give_back(connection)
		again = {id(pool.take(self.path())) for _number in range(KEPT)}
		self.assertEqual(again, {id(connection) for connection in taken[:KEPT]})
