"""Rows on the disk that outlive the process, written before an answer goes out, and read at the next start.

By hand because no library appends to a file without ever holding the loop up or losing more than its
last row. ``rows`` is one row as bytes, and the checks of what is in it; ``file`` is the file with its
failures, ``journal`` writes to it, ``replay`` reads one.
"""
