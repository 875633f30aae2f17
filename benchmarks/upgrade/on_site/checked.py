"""Whether everything on the site agrees with everything else, as the app's own check has it."""

from benchmarks.untrue import untrue


def run(_given: dict) -> dict:
	return {"problems": [f"untrue: {each}" for each in untrue()]}
