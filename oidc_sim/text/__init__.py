"""Text on its way to a person: printable, without secrets, in plain units. Standard library only."""
