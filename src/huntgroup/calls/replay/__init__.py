"""What a recorded call says of its caller, its model and its tools, and how two records of one call are compared.

Everything here is pure: facts in, plain data out. `huntgroup.testing` plays it.
"""
