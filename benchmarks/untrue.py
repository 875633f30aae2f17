"""What the app's own check of a site finds."""

EXAMPLES = 5


def untrue() -> list[str]:
	"""Return, in words, which invariants do not hold on the connected site, each with some of what breaks it."""
	from crm_pipeline.checks.registry import INVARIANTS
	from crm_pipeline.checks.running import check

	found = [each for each in check(INVARIANTS.values(), EXAMPLES) if each.count]
	return [f"{each.invariant.name}: {each.count}, such as {', '.join(each.names)}" for each in found]
