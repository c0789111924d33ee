"""Forward passes of a network in evaluation mode on random images: for each line on stdin that many, then a line with milliseconds a pass.

    forward.py NETWORK SIDE BATCH THREADS LAYOUT     LAYOUT: nchw or channels_last
"""
import sys
import time
import torch
from networks import network

name, side, batch, threads, layout = sys.argv[1:6]
side, batch = int(side), int(batch)
torch.set_num_threads(int(threads))
torch.manual_seed(1)
order = torch.channels_last if layout == "channels_last" else torch.contiguous_format
model = network(name, side, 3, 10).to(memory_format=order).eval()
images = torch.randn(batch, 3, side, side).to(memory_format=order)
print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {layout}", flush=True)
for line in sys.stdin:
    passes = int(line)
    with torch.inference_mode():
        started = time.perf_counter()
        for _ in range(passes):
            model(images).sum().item()
        print((time.perf_counter() - started) / passes * 1000, flush=True)
