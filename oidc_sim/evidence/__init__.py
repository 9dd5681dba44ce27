"""What a client did, to be shown to whoever maintains it: as HAR, as JSON lines, and as a report.

::

    selection   what the evidence is about, and the log's entries that are about it
    har         one exchange as an entry of HTTP Archive 1.2, and a whole archive
    exchange    one exchange as a JSON object, as the copy key gives it
    report      the same story for people, in Markdown
    evidence    the three together, from what ``selection`` took
    folder      the three as files, in a new directory for the owner alone; ``writing``: at one go

``selection`` takes what it needs while nothing moves; all the rest is pure and may run in a thread.

It must never show a secret in full, let a stranger's text act in a terminal or in Markdown, or
overwrite a file. It lies above ``record`` and ``wire``, which do not know each other: one has the
exchanges, the other knows what is secret in them.
"""
