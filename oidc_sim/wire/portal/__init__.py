"""The SSO portal's bytes."""
