"""The mean of safetensors files with NumPy, tensor by tensor, in double precision: for each line on stdin once more, then a line with the seconds and the peak
memory of this process in MB.

    soup.py OUT FILE FILE...
"""
import os
import resource
import sys
import time
import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

out, files = sys.argv[1], sys.argv[2:]
print(f"NumPy {np.__version__}", flush=True)
for _ in sys.stdin:
    started = time.perf_counter()
    opened = [safe_open(file, framework="np") for file in files]
    soup = {}
    for name in opened[0].keys():
        total = opened[0].get_tensor(name).astype(np.float64)
        for other in opened[1:]:
            total += other.get_tensor(name)
        total /= len(files)
        soup[name] = total.astype(np.float32)
    save_file(soup, out)
    with open(out, "rb") as file:
        os.fsync(file.fileno())
    print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, flush=True)
