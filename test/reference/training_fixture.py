"""One pass in training mode through networks of torchvision, with weights and images by a formula (formula.ts has the same one):
the mean cross-entropy of two images of the classes 3 and 7, each gradient by its norm, its product with a direction and its
beginning, and the running statistics after it. Prints JSON.
"""
import json
import torch
import torchvision_alone
from formula_fixture import formula, images, uniform

SIDE = 64
# In MobileNetV2 rounding grows by a batch norm of eight numbers a channel. Of forty draws this one keeps its activations furthest from the kinks of
# relu6, where rounding alone would turn one over and change each gradient before it by a hundredth.
DRAW = "images 30"


def described(name, tensor):
    values = tensor.flatten().double()
    direction = torch.from_numpy(2 * uniform(f"direction of {name}", values.numel()) - 1)
    return [values.norm().item(), (values * direction).sum().item(), *values[:3].tolist()]


def step(name, **options):
    model = getattr(torchvision_alone.torchvision.models, name)(num_classes=10, **options)
    state = {key: value for key, value in model.state_dict().items() if value.is_floating_point()}
    shapes = {key: list(value.shape) for key, value in state.items()}
    for key, value in state.items():
        value.copy_(formula(key, shapes[key]))
    model.train()
    loss = torch.nn.functional.cross_entropy(model(images(SIDE, DRAW)), torch.tensor([3, 7]))
    loss.backward()
    return {
        "loss": loss.item(),
        "shapes": shapes,
        "gradients": {key: described(key, parameter.grad) for key, parameter in model.named_parameters()},
        "statistics": {key: described(key, value) for key, value in model.state_dict().items() if "running" in key},
    }


torch.set_num_threads(1)
print(json.dumps({
    "made with": f"torch {torch.__version__}, torchvision {torchvision_alone.torchvision.__version__}",
    "side": SIDE,
    "draw": DRAW,
    "networks": {"resnet-18": step("resnet18"), "mobilenet-v2": step("mobilenet_v2", dropout=0)},
}, separators=(",", ":")))
