"""The screen: Textual over the simulator, for the person at the keys.

It pulls. Ten times a second it asks the log what is new and repaints what is visible; nothing is
posted to it for an event, so its cost depends on the rows that can be seen and never on traffic.

::

    printable   the one border for strangers' text: every widget takes ``Printable`` only
    glyphs      what a state looks like: glyph, word, role; and the signs for ASCII terminals
    theme       the five roles as style variables, from any theme
    terminal    whether the terminal still reads what we write, and whether it is still there
    widgets/    the live list (``RowList``) and what is around it
    screens/    what is composed of them

By hand is the list: Textual's ``DataTable`` keeps its cursor by index, so that a row that leaves
moves the cursor to another device, and one row more costs 50 to 300 ms (performance.md).

It must never: paint a ``str`` that is no ``Printable``, let a widget parse markup, know aiohttp,
change the simulator other than by ``dispatch``, or write while the terminal does not read.
"""
