"""Optimizers of PyTorch on given gradients, step by step: prints the weights after every step as JSON.

Usage: python optimizers.py <request.json>: { weights, gradients: [step][name], rates: [step], cases: [{ name, optimizer, clipNorm, rateFactors, decays }] }
"""

import json
import sys

import torch

request = json.load(open(sys.argv[1]))
results = {}
for case in request["cases"]:
    weights = {name: torch.nn.Parameter(torch.tensor(value, dtype=torch.float32)) for name, value in request["weights"].items()}
    settings = case["optimizer"]
    groups = [
        {"params": [weight], "weight_decay": settings["weightDecay"] if case["decays"][name] else 0.0, "lr": 0.0}
        for name, weight in weights.items()
    ]
    if settings["kind"] == "sgd":
        optimizer = torch.optim.SGD(groups, lr=0.0, momentum=settings["momentum"], nesterov=settings["nesterov"])
    else:
        optimizer = torch.optim.AdamW(groups, lr=0.0, betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"])
    after = []
    for gradients, rate in zip(request["gradients"], request["rates"]):
        for (name, weight), group in zip(weights.items(), optimizer.param_groups):
            weight.grad = torch.tensor(gradients[name], dtype=torch.float32)
            group["lr"] = rate * case["rateFactors"][name]
        if case["clipNorm"] is not None:
            torch.nn.utils.clip_grad_norm_(list(weights.values()), case["clipNorm"])
        optimizer.step()
        after.append({name: weight.detach().flatten().tolist() for name, weight in weights.items()})
    results[case["name"]] = after
print(json.dumps(results))
