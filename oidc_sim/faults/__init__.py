"""The catalogue of faults: what each does, what it fits, and what it puts on the wire."""
