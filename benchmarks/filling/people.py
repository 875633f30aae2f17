"""The users that a filled site has, with us and with ERPNext."""

OWNERS = 20
SALESPERSON, MANAGER = "bench-0@example.com", "bench-1@example.com"
ROLES = {SALESPERSON: "Sales User", MANAGER: "Sales Manager"}


def owner(number: int) -> str:
	return f"bench-{number % OWNERS}@example.com"
