"""One file for each group of figures; each has a ``figures(effort)`` that yields them."""
