"""What an answer can be spoilt with: a table of faults, each with what makes its plan. Pure."""
