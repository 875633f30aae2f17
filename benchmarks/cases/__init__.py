"""The cases by group, found by their names."""

from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase

from benchmarks.case import Case
from benchmarks.cases import board, forms, importing, jobs, lists, quoting, reports, workspaces, writing
from benchmarks.refusals import WrongChoice

GROUPS: dict[str, Callable[[], Iterator[Case]]] = {
	"writing": writing.cases,
	"forms": forms.cases,
	"lists": lists.cases,
	"board": board.cases,
	"quoting": quoting.cases,
	"jobs": jobs.cases,
	"reports": reports.cases,
	"workspaces": workspaces.cases,
	"importing": importing.cases,
}


def every_case() -> Iterator[tuple[str, Case]]:
	"""Yield each case with its group."""
	for group, cases in GROUPS.items():
		for case in cases():
			yield group, case


def find_case(name: str) -> Case:
	return next(case for _group, case in every_case() if case.name == name)


def chosen(patterns: Iterable[str]) -> list[Case]:
	"""Return the cases that patterns such as `board` (a group) or `insert, *` name, in their own order; all of them without any.

	Raises:
		WrongChoice: a pattern names none.
	"""
	patterns = [pattern.lower() for pattern in patterns] or ["*"]
	found: dict[str, Case] = {}
	unused = set(patterns)
	for group, case in every_case():
		for pattern in patterns:
			if pattern == group or fnmatchcase(case.name.lower(), pattern):
				found[case.name] = case
				unused.discard(pattern)
	if unused:
		named = ", ".join(sorted(unused))
		raise WrongChoice(f"--only {named}: no group or case is called so; --list names them.")
	return list(found.values())
