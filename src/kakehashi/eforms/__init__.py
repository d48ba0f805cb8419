"""eforms (様式): forms as steps of typed fields; versions that never change; answers validated on the server."""
