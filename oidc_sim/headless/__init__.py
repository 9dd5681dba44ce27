"""The server without a screen: lines of text or JSON for each event, commands on standard input."""
