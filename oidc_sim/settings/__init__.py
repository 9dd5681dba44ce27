"""Everything a person can set: the model with its options, variables and file, and the seeded directory."""
