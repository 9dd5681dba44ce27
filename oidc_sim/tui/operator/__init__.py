"""The operator's screen and what its keys do."""
