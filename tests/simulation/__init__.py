"""Desks and a head office in one process, on one seed: network, disks, kills and clocks are drawn from it, time is simulated.

The desks run the product's own sync engine and overlay. Around it stand stores, a line and a head office in memory, held to
the same tests as the real ones. After every step that matters the invariants of docs/reliability.md are looked at.
"""
