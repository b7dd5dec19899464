"""Sound as pure functions and small classes: bytes and milliseconds in, bytes and milliseconds out.

Nothing here awaits, reads a clock or touches a socket.
"""
