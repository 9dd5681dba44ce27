"""What an operator can do: one table, and each action from JSON to JSON for keys, ``ctl``, standard input and the control API."""
