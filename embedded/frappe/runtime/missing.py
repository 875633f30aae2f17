"""What a module says of names that only a bench has."""

from collections.abc import Callable


def missing_in(module: str) -> Callable[[str], None]:
	"""Return the `__getattr__` of a module, which names the missing API in a NotImplementedError."""

	def __getattr__(name: str) -> None:
		if name.startswith("__"):
			raise AttributeError(name)
		raise NotImplementedError(f"The embedded host has no {module}.{name}. A bench has it.")

	return __getattr__
