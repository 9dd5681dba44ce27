"""Cuts every secret to its ends in what is shown of strangers' texts (T-27, T-40).

::

    recognition   names that mean a secret; AWS's keys and tokens, JWTs and bearer tokens by their look
    json_members  values of such names in JSON, also in broken JSON and in JSON in a text
    plain_text    the same in forms, queries, lists, headers in a text, XML, HTML and multipart
    cutting       all of these on bytes, a text, a header or a JSON value

By hand, because no library cuts in bytes that are no whole JSON, and the faults of such bodies are what
a person wants to see: all around a secret stays as it came. What was issued here is known by its mark
besides (``marks``).

It must never touch what goes to a client or what the engine compares, nor take more than linear time:
each pattern is possessive or bounded, and a scan goes on behind what it has read.
"""

from oidc_sim.text.redact.cutting import (
    as_sent,
    redact,
    redact_header,
    redact_in,
    redact_name,
    redact_text,
    work_on,
)
from oidc_sim.text.redact.recognition import aws_secrets, is_secret

__all__ = [
    "as_sent",
    "aws_secrets",
    "is_secret",
    "redact",
    "redact_header",
    "redact_in",
    "redact_name",
    "redact_text",
    "work_on",
]
