"""StarSSE from data to accuracies of members, soup and ensemble, as its own script in PyTorch: members one after another, all on the same threads.

    experiment.py RECIPE.json THREADS INPUT            prints the result as JSON
    experiment.py RECIPE.json THREADS INPUT --try N    prints seconds of N epochs of training and validation alone

RECIPE: what bench/experiment.ts writes from a plan. INPUT: memory (all images are uint8 tensors, each batch augmented at
once) or loader-W (torch.utils.data.DataLoader with W workers, an image at a time).
"""
import copy
import hashlib
import json
import math
import os
import sys
import time
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from networks import network

recipe = json.load(open(sys.argv[1]))
threads, kind = int(sys.argv[2]), sys.argv[3]
torch.set_num_threads(threads)
torch.manual_seed(recipe["seed"])
MEAN = torch.tensor(recipe["mean"]).view(1, -1, 1, 1)
STD = torch.tensor(recipe["std"]).view(1, -1, 1, 1)
BATCH, PADDING, FLIP = recipe["batchSize"], recipe["cropPadding"], recipe["flip"]


def idx(path):
    with open(path, "rb") as file:
        magic = file.read(4)
        shape = np.frombuffer(file.read(4 * magic[3]), ">i4")
        return np.frombuffer(file.read(), np.uint8).reshape(shape)


def folder(path, channels):
    """Decoded once, then from a file beside the recipe, as ours come from the cache folder."""
    key = hashlib.sha256(path.encode()).hexdigest()[:16]
    cache = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), f"{key}.pt")
    if os.path.exists(cache):
        return torch.load(cache)
    from PIL import Image
    images, targets = [], []
    for target, name in enumerate(sorted(os.listdir(path))):
        for file in sorted(os.listdir(os.path.join(path, name))):
            images.append(np.array(Image.open(os.path.join(path, name, file)).convert("L" if channels == 1 else "RGB")))
            targets.append(target)
    images = torch.from_numpy(np.stack(images)).view(len(images), recipe["side"], recipe["side"], channels)
    both = images, torch.tensor(targets)
    torch.save(both, cache)
    return both


def read(part):
    """uint8 [n, h, w, c] and int64 [n]"""
    if recipe["data"]["kind"] == "folder":
        return folder(recipe["data"][part], recipe["channels"])
    images, labels = idx(recipe["data"][part]["images"]), idx(recipe["data"][part]["labels"])
    return torch.from_numpy(images.copy()).view(len(images), recipe["side"], recipe["side"], recipe["channels"]), torch.from_numpy(labels.astype(np.int64))


def split(images, labels):
    """Stratified, with a seed."""
    generator = torch.Generator().manual_seed(1)
    share = recipe["train"] / (recipe["train"] + recipe["validation"])
    train, validation = [], []
    for label in labels.unique():
        places = torch.nonzero(labels == label).flatten()
        places = places[torch.randperm(len(places), generator=generator)]
        middle = round(share * len(places))
        train.append(places[:middle])
        validation.append(places[middle:])
    train, validation = torch.cat(train)[: recipe["train"]], torch.cat(validation)[: recipe["validation"]]
    return (images[train], labels[train]), (images[validation], labels[validation])


def normalised(images):
    """uint8 [n, h, w, c] to float [n, c, h, w], which is channels_last in memory"""
    return (images.permute(0, 3, 1, 2).float().div_(255) - MEAN) / STD


class Memory:
    def __init__(self, images, labels):
        self.images, self.labels = F.pad(images, (0, 0, PADDING, PADDING, PADDING, PADDING)), labels

    def __iter__(self):
        side, count = recipe["side"], len(self.labels)
        order = torch.randperm(count)
        for start in range(0, count, BATCH):
            chosen = order[start : start + BATCH]
            n = len(chosen)
            rows = torch.randint(0, 2 * PADDING + 1, (n, 1)) + torch.arange(side)
            columns = torch.randint(0, 2 * PADDING + 1, (n, 1)) + torch.arange(side)
            if FLIP:
                columns = torch.where(torch.rand(n, 1) < 0.5, columns.flip(1), columns)
            yield normalised(self.images[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]), self.labels[chosen]


def loader(images, labels, workers):
    from torch.utils.data import DataLoader, Dataset

    side, mean, std = recipe["side"], MEAN[0], STD[0]

    class Images(Dataset):
        def __len__(self):
            return len(labels)

        def __getitem__(self, place):
            image = F.pad(images[place].permute(2, 0, 1), (PADDING,) * 4)
            top, left, flip = (torch.rand(3) * torch.tensor([2 * PADDING + 1, 2 * PADDING + 1, 2])).int().tolist()
            image = image[:, top : top + side, left : left + side]
            image = image.flip(2) if FLIP and flip else image
            return (image.float().div_(255) - mean) / std, labels[place]

    return DataLoader(Images(), BATCH, shuffle=True, num_workers=workers, persistent_workers=workers > 0)


def new_model():
    return network(recipe["network"], recipe["side"], recipe["channels"], recipe["classes"]).to(memory_format=torch.channels_last)


def start_model():
    """The pre-trained weights with a head of its own."""
    model = new_model()
    if recipe["checkpoint"] is not None:
        from safetensors.torch import load_file
        model.load_state_dict({name: value for name, value in load_file(recipe["checkpoint"]).items() if not name.startswith("fc.")}, strict=False)
    return model


@torch.inference_mode()
def predict(model, images):
    model.eval()
    batches = images.split(recipe["evaluationBatchSize"])
    return torch.cat([model(normalised(batch).contiguous(memory_format=torch.channels_last)) for batch in batches])


def score(logits, labels):
    return {"accuracy": (logits.argmax(1) == labels).float().mean().item(), "nll": F.cross_entropy(logits, labels).item()}


def train(model, batches, validation, peak, epochs, until=None):
    optimizer = torch.optim.SGD(model.parameters(), peak, momentum=recipe["momentum"], weight_decay=recipe["weightDecay"])
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    criterion = nn.CrossEntropyLoss()
    for _ in range(until or epochs):
        model.train()
        for images, labels in batches:
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(model(images.contiguous(memory_format=torch.channels_last)), labels)
            loss.backward()
            optimizer.step()
            loss.item()  # every step is logged
        schedule.step()
        logits = predict(model, validation[0])
        score(logits, validation[1])
    return logits


@torch.no_grad()
def soup(models, train_images):
    """Uniform average of the weights, statistics of batch norm estimated anew on the training images."""
    states = [model.state_dict() for model in models]
    averaged = new_model()
    averaged.load_state_dict({name: torch.stack([state[name].float() for state in states]).mean(0).to(value.dtype) for name, value in states[0].items()})
    for module in averaged.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # cumulative average
    averaged.train()
    for batch in train_images.split(recipe["evaluationBatchSize"]):
        averaged(normalised(batch).contiguous(memory_format=torch.channels_last))
    return averaged


given = read("train")
training, validation = split(*given)
batches = Memory(*training) if kind == "memory" else loader(*training, int(kind.split("-")[1]))
if "--try" in sys.argv:
    epochs = int(sys.argv[sys.argv.index("--try") + 1])
    model = start_model()
    train(model, batches, validation, recipe["learningRate"], recipe["epochs"], 1)
    started = time.perf_counter()
    train(model, batches, validation, recipe["learningRate"], recipe["epochs"], epochs)
    print(json.dumps({"seconds": time.perf_counter() - started, "torch": torch.__version__}))
    sys.exit()

test = read("test")
models, tests = [], []
for member in range(recipe["members"]):
    model = start_model() if member == 0 else copy.deepcopy(models[0])
    ratio = (1, 1) if member == 0 else (recipe["lrRatio"], recipe["epochRatio"])
    last = train(model, batches, validation, ratio[0] * recipe["learningRate"], math.floor(ratio[1] * recipe["epochs"]))
    models.append(model)
    tests.append(predict(model, test[0]))
mixed = soup(models, training[0])
predict(mixed, validation[0])
souped = predict(mixed, test[0])
together = torch.logsumexp(torch.stack([logits.log_softmax(1) for logits in tests]), 0) - math.log(len(tests))
os.makedirs(os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "out"), exist_ok=True)
for number, model in enumerate([*models, mixed], 1):
    torch.save(model.state_dict(), os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "out", f"{number}.pt"))
print(json.dumps({
    "members": [score(logits, test[1]) for logits in tests],
    "soup": score(souped, test[1]),
    "ensemble": score(together, test[1]),
    "torch": torch.__version__,
}))
