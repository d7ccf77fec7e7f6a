"""The kernel: cases, clocks, kinds and the trail. Pure: standard library only, no I/O, never reads the clock."""
