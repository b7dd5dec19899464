"""huntgroup: a team of specialist voice agents on one unbroken phone call."""

__version__ = "0.1.0"
