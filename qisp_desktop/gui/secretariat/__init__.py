"""The secretariat's desk: a round from its preparation to the frozen result."""
