"""The command line: options, the server's run, ``exec``, ``ctl``, and finding the server that runs."""
