"""Every fault that can be injected, in the picker's order: one file for each family.

This is data. What a fault puts on the wire is in ``oidc_sim.faults.making``; the picker, ``docs/faults.md``, the
control API and ``ctl`` are made from here.
"""

from oidc_sim.faults.catalogue.connection import CONNECTION
from oidc_sim.faults.catalogue.content import CONTENT
from oidc_sim.faults.catalogue.framing import FRAMING
from oidc_sim.faults.catalogue.portal import BROWSER, PORTAL
from oidc_sim.faults.catalogue.refused import REFUSED
from oidc_sim.faults.catalogue.timing import TIMING

CATALOGUE = (*REFUSED, *TIMING, *CONTENT, *FRAMING, *CONNECTION, *PORTAL, *BROWSER)
"""All rows."""
BY_NAME = {fault.name: fault for fault in CATALOGUE}
