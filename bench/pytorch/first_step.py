"""From nothing to the end of the first training step of a small network, as a script of the same recipe would: prints a line then."""
import torch
from torch import nn

images = torch.rand(96, 1, 8, 8)
labels = torch.arange(96) % 3
model = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3)).train()
optimizer = torch.optim.SGD(model.parameters(), 0.05, 0.9)
loss = nn.functional.cross_entropy(model(images[:16]), labels[:16])
loss.backward()
optimizer.step()
print(loss.item(), flush=True)
