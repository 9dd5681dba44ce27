"""Pages for a person with a browser: the user code's, and the browser sign-in's."""
