"""Holds and faults on a request's way: what catches it, and what its client gets then."""
