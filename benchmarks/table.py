"""What was measured, as lines to read and as a file to go on with."""

import argparse
import json
import os
import platform
from datetime import datetime, timezone
from pathlib import Path

import frappe

from benchmarks.measuring import Figures
from benchmarks.runs import Result

WIDTH = 46
COLUMNS = ("ms", "quartiles", "statements", "MB", "floor ms", "times", "ERPNext ms", "statements", "part")
LINE = "{:>10} {:>17} {:>10} {:>7} {:>10} {:>7} {:>10} {:>10} {:>7}  {}"


def heading(size: int, filling: str) -> str:
	load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
	return f"\n{size:,} opportunities ({filling}); load {load}\n{'':{WIDTH}} {LINE.format(*COLUMNS, '')}".rstrip()


def line(result: Result) -> str:
	"""Return a result in one line: times are of one unit, where a case tells how many it did."""
	name = f"{result.case.name}{f', each {result.case.unit}' if result.case.unit else ''}"
	if not result.ours:
		return f"{name:{WIDTH}} failed: {result.failure}"
	cells = (
		_time(result.ours.median),
		f"{_time(result.ours.first_quartile)} to {_time(result.ours.third_quartile)}",
		result.ours.statements,
		_number(result.ours.megabytes, 1),
		_time(result.floor.median if result.floor else None),
		_number(result.of_floor(), 2),
		_time(result.rival.median if result.rival else None),
		result.rival.statements if result.rival else "",
		_number(result.of_rival(), 3),
	)
	return f"{name:{WIDTH}} {LINE.format(*cells, _missed(result))}".rstrip()


def _time(milliseconds: float | None) -> str:
	return (
		"" if milliseconds is None else f"{milliseconds:.3f}" if milliseconds < 1 else f"{milliseconds:.1f}"
	)


def _number(value: float | None, places: int) -> str:
	return "" if value is None else f"{value:.{places}f}"


def _missed(result: Result) -> str:
	goal = result.case.goal._asdict()
	told = [f"{name.replace('_', ' ')} {goal[name]:g}" for name in result.missed()]
	return f"missed: {', '.join(told)}" if told else ""


def write(file: Path, results: list[Result], options: argparse.Namespace) -> None:
	"""Write all figures, with what they were taken on."""
	file.parent.mkdir(parents=True, exist_ok=True)
	document = {
		"taken": datetime.now(timezone.utc).isoformat(timespec="seconds"),
		"frappe": frappe.__version__,
		"python": platform.python_version(),
		"processors": os.cpu_count(),
		"load": os.getloadavg(),
		"filling": options.filling,
		"clock": "processors" if options.processor else "wall",
		"sessions": "one, warm" if options.warm else "one for each turn",
		"results": [entry(result) for result in results],
	}
	file.write_text(json.dumps(document, indent=1) + "\n")


def entry(result: Result) -> dict:
	"""Return a result as values of JSON; milliseconds are of one unit, if there is one, statements of all."""
	return {
		"case": result.case.name,
		"unit": result.case.unit,
		"opportunities": result.size,
		**{side: _figures(getattr(result, side)) for side in ("ours", "rival", "floor")},
		"of_floor": result.of_floor(),
		"of_floor_in_statements": result.of_floor_in_statements(),
		"of_rival": result.of_rival(),
		"goal": {name: most for name, most in result.case.goal._asdict().items() if most is not None},
		"missed": result.missed(),
		"failure": result.failure,
	}


def _figures(taken: Figures | None) -> dict | None:
	return taken and taken._asdict()
