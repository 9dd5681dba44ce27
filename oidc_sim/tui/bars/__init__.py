"""Lines around the panels: top bar, footer, hints, filter; and lines of text in general."""
