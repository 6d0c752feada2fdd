"""What an operator has once: catalogue, partners, network, stock, and one example of everything that can be asked of it.

The examples are about the first customer (`parts`), so that each leads to something that is there. Bodies are stamped like
those that clients create, but as of the demonstration's day.
"""
