"""Networks of torchvision and timm with random weights and statistics, and what they make of random images.

    torch_networks.py FOLDER library:network:side[:half] ...

writes FOLDER/<network>.safetensors, the weights (as 16-bit floats with `half`), and FOLDER/<network>.reference.safetensors
with `images` [2, 3, side, side] and `logits` [2, classes]. Prints the versions.
"""
import re
import sys
import torch
import torchvision_alone
import timm
from safetensors.torch import save_file


def randomised(model):
    """Nothing stays as it was made: no scale of 1, no offset or mean of 0, no head of 0."""
    for name, tensor in model.state_dict().items():
        if name.endswith("running_var"):
            tensor.uniform_(0.5, 1.5)
        elif name.endswith("running_mean") or name.endswith("bias"):
            tensor.normal_(0, 0.2)
        elif name.endswith("weight") and tensor.dim() == 1:
            # Residual branches are damped, or the numbers grow with every block.
            tensor.uniform_(*((0.1, 0.4) if re.match(r"layer.*bn[23]", name) else (0.5, 1.5)))
    return model.eval()


torch.set_num_threads(1)
folder, *networks = sys.argv[1:]
for network in networks:
    library, name, side, *options = network.split(":")
    torch.manual_seed(7)
    with torch.no_grad():
        model = randomised(timm.create_model(name, img_size=int(side)) if name.startswith(("vit", "swin")) and library == "timm" else
                           timm.create_model(name) if library == "timm" else getattr(torchvision_alone.torchvision.models, name)())
        if "half" in options:
            model.half().float()
        images = torch.randn(2, 3, int(side), int(side))
        logits = model(images)
    weights = {key: value.half() if "half" in options and value.is_floating_point() else value for key, value in model.state_dict().items()}
    save_file({key: value.contiguous() for key, value in weights.items()}, f"{folder}/{name}.safetensors")
    save_file({"images": images, "logits": logits}, f"{folder}/{name}.reference.safetensors")
print(f"torch {torch.__version__}, torchvision {torchvision_alone.torchvision.__version__}, timm {timm.__version__}")
