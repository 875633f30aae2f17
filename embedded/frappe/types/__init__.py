from typing import TYPE_CHECKING, Any


class _dict(dict):
	"""A dict whose keys are attributes as well; a missing one reads as None."""

	__slots__ = ()

	if TYPE_CHECKING:

		def __setattr__(self, key: str, value: Any) -> None: ...

	else:
		__setattr__ = dict.__setitem__
	__delattr__ = dict.__delitem__

	def __getattr__(self, key: str) -> Any:
		if key[:2] == "__":
			raise AttributeError(key)
		return self.get(key)

	def update(self, *args: Any, **kwargs: Any) -> "_dict":
		self |= dict(*args, **kwargs)
		return self

	def copy(self) -> "_dict":
		return _dict(self)
