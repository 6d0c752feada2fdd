"""What script/bench measures with: that a key is timed to its frame, that processes are counted, that figures are whole."""
