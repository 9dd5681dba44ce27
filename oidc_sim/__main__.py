"""``python -m oidc_sim`` is ``oidc-sim``."""

import sys

from oidc_sim.cli import main

sys.exit(main())
