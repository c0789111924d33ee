"""Training steps of a network on random images: for each line on stdin that many steps, then a line with milliseconds a step.

    step.py NETWORK SIDE BATCH THREADS LAYOUT OPTIMIZER     LAYOUT: nchw or channels_last
"""
import sys
import time
import torch
from torch import nn
from networks import network

name, side, batch, threads, layout, optimizer = sys.argv[1:7]
side, batch = int(side), int(batch)
torch.set_num_threads(int(threads))
device = "cuda" if torch.cuda.is_available() else "cpu"
torch.manual_seed(1)
order = torch.channels_last if layout == "channels_last" else torch.contiguous_format
model = network(name, side, 3, 10).to(device, memory_format=order).train()
images = torch.randn(batch, 3, side, side, device=device).to(memory_format=order)
labels = torch.arange(batch, device=device) % 10
if optimizer == "sgd":
    optimizer = torch.optim.SGD(model.parameters(), 0.001, 0.9, weight_decay=5e-4)
else:
    optimizer = torch.optim.AdamW(model.parameters(), 0.001, weight_decay=0.05)
criterion = nn.CrossEntropyLoss()
print(f"PyTorch {torch.__version__}, {device}, {torch.get_num_threads()} threads, {layout}", flush=True)
for line in sys.stdin:
    steps = int(line)
    started = time.perf_counter()
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()
    print((time.perf_counter() - started) / steps * 1000, flush=True)
