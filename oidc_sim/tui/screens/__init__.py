"""The screens: ``operator`` is the product, ``help`` lies over it. Layout and actions, no rules."""
