"""The table of TM Forum resources: everything that the engine must know of each kind, declared once."""

from backoffice.resources.kinds import Filter, Holds, Operation, Owner, Resource, States
from backoffice.resources.table import RESOURCES

__all__ = ["RESOURCES", "Filter", "Holds", "Operation", "Owner", "Resource", "States"]
