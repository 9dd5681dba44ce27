"""Files that only their owner may read, written whole or not at all. Standard library only."""
