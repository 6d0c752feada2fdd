"""Facts that others know (an identity authority, a portability clearing house, the grid): asked by port, within a time limit."""
