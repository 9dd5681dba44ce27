"""What happened, kept within bounds, for the screen, the control API, tests and the next process.

``ring`` is the bounded store that everything in memory is kept in; ``log`` numbers events and
exchanges; ``timeline`` tells one device's story in few lines. Readers pull (``log.entries.since(n)``);
nothing is pushed to anybody.

``journal`` brings events to the disk, by hand because no library appends to a file without ever
holding the loop up or losing more than its last row: ``journal_rows`` is one row as bytes, ``typed``
checks what is in it, ``journal_file`` is the file with its failures, ``replay`` reads one.

It must never grow without bound, keep a secret, or decide anything.
"""
