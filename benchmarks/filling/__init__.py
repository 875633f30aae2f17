"""Sites full of opportunities named BENCH-1 and so on, by what they are like."""
