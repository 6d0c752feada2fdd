"""The words every part shares: errors, ids, clock, money, tasks, changes, permissions. Standard library only."""
