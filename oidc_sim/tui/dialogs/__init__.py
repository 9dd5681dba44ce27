"""Questions that a key asks: each a screen of its own above the operator's."""
