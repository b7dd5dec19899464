"""The house: everything that runs in one process, the calls held with it, and the desk that looks after them."""

from huntgroup.house.desk import Desk
from huntgroup.house.house import House

__all__ = ["Desk", "House"]
