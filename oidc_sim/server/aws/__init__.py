"""AWS's services: OIDC, ``/authorize``, the portal, STS, and what is recorded of each request."""
