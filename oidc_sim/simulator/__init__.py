"""The one door: state, clock, ids and log behind ``dispatch``, and what of it outlives the process."""
