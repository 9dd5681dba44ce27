"""What outlives the process: rows on the disk, written before an answer goes out, and read at the next start."""
