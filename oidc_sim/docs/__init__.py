"""The papers of the project, as text: shipped with it, and shown by ``oidc-sim help TOPIC``."""
