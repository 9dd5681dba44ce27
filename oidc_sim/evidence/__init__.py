"""Evidence of what a client did, for whoever maintains it: as HAR, as JSON lines, and as a report.

::

    selection   what the evidence is about, and the log's entries that are about it
    har         one exchange as an entry of HTTP Archive 1.2, and a whole archive
    report      the same story for people, in Markdown
    allowance   how much of strangers' texts is shown
    evidence    archive, lines and report, from what ``selection`` took
    folder      the three as files, in a new directory for the owner alone

``selection`` takes what it needs while nothing moves; ``har``, ``report`` and ``evidence`` then do no I/O
and may run in a thread.

It must never show a secret in full, let a stranger's text act in a terminal or in Markdown, or
overwrite a file.
"""
