"""The operations of the service and where they are called (facts 1 to 3)."""

from typing import NamedTuple


class Operation(NamedTuple):
    """One operation of AWS's model, by its name there."""

    name: str
    method: str
    path: str


REGISTER_CLIENT = Operation("RegisterClient", "POST", "/client/register")
START_DEVICE_AUTHORIZATION = Operation("StartDeviceAuthorization", "POST", "/device_authorization")
CREATE_TOKEN = Operation("CreateToken", "POST", "/token")

OPERATIONS = (REGISTER_CLIENT, START_DEVICE_AUTHORIZATION, CREATE_TOKEN)
"""All that are served."""
