"""The history of opportunities, and what hears of it."""
