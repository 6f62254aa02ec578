"""The Python side of numpy_matrix.cc: numpy_matrix.py NAME ROWS COLUMNS doubles every number of the matrix."""
import sys
from multiprocessing import resource_tracker, shared_memory

import numpy

name, rows, columns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
block = shared_memory.SharedMemory(name)
# Before 3.13 (track=False) Python's tracker removes at exit also what it only attached to.
resource_tracker.unregister(block._name, "shared_memory")
matrix = numpy.ndarray((rows, columns), dtype=numpy.float64, buffer=block.buf)
print("numpy sees the sum", matrix.sum())
matrix *= 2
del matrix  # it points into the block
block.close()
