"""What timm makes of vision transformers whose weights and images a formula gives (formula.ts has the same one).

    transformer_fixture.py > fixture.json

* `logits`: networks as they are, and at another image size from the same file, which timm makes fit when it loads it
* `positions`, `relative`: tables of positions for other grids and windows
* `gradients`: of small networks, by PyTorch's autograd
"""
import functools
import json
import tempfile
import torch
import formula_fixture
import torchvision_alone
import timm
from formula_fixture import formula, uniform
from safetensors.torch import save_file
from timm.layers import resample_abs_pos_embed, resize_rel_pos_bias_table
from timm.models.swin_transformer import SwinTransformer
from timm.models.vision_transformer import VisionTransformer

torch.set_num_threads(1)


def rounded(tensor):
    return [float(f"{value:.7g}") for value in tensor.detach().flatten().tolist()]


def with_formula(model):
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_(formula(name, list(tensor.shape)))
    return model.eval()


def shapes(model):
    return {name: list(tensor.shape) for name, tensor in model.state_dict().items() if tensor.is_floating_point()}


def logits(library, name, side=224):
    """Every tenth of each image."""
    model = with_formula(timm.create_model(name) if library == "timm" else getattr(torchvision_alone.torchvision.models, name)())
    entry = {"shapes": shapes(model), "side": side}
    if side != 224:
        with tempfile.TemporaryDirectory() as folder:
            save_file(model.state_dict(), f"{folder}/weights.safetensors")
            overlay = {"file": f"{folder}/weights.safetensors", "custom_load": False}
            model = timm.create_model(name, img_size=side, pretrained=True, pretrained_cfg_overlay=overlay).eval()
    with torch.no_grad():
        entry["logits"] = rounded(model(formula_fixture.images(side))[:, ::10])
    return entry


def gradients(model, side):
    """Of the mean cross-entropy of two images; each gradient by its norm, its product with a direction, and its beginning."""
    model = with_formula(model)
    model.zero_grad()
    outputs = model(formula_fixture.images(side))
    loss = torch.nn.functional.cross_entropy(outputs, torch.tensor([3, 7]))
    loss.backward()
    entry = {"side": side, "shapes": shapes(model), "loss": loss.item(), "logits": rounded(outputs), "gradients": {}}
    for name, parameter in model.named_parameters():
        gradient = parameter.grad.flatten().double()
        direction = torch.from_numpy(2 * uniform(f"direction of {name}", gradient.numel()) - 1)
        entry["gradients"][name] = [gradient.norm().item(), (gradient * direction).sum().item(), *gradient[:3].tolist()]
    return entry


print(json.dumps({
    "made with": f"torch {torch.__version__}, torchvision {torchvision_alone.torchvision.__version__}, timm {timm.__version__}",
    "logits": {
        "timm:vit_tiny_patch16_224": logits("timm", "vit_tiny_patch16_224"),
        "timm:vit_small_patch16_224": logits("timm", "vit_small_patch16_224"),
        "timm:swin_tiny_patch4_window7_224": logits("timm", "swin_tiny_patch4_window7_224"),
        "torchvision:swin_t": logits("torchvision", "swin_t"),
        "timm:vit_tiny_patch16_224 at 160": logits("timm", "vit_tiny_patch16_224", 160),
        "timm:swin_tiny_patch4_window7_224 at 160": logits("timm", "swin_tiny_patch4_window7_224", 160),
    },
    "positions": [
        {"grid": grid, "table": rounded(resample_abs_pos_embed(formula("pos_embed", [1, 50, 3]), new_size=grid))}
        for grid in [[5, 5], [10, 10], [9, 4], [2, 1], [16, 7]]
    ],
    "relative": [
        {"window": window, "table": rounded(resize_rel_pos_bias_table(formula("relative_position_bias_table", [169, 3]), (window, window), ((2 * window - 1) ** 2, 3)))}
        for window in [1, 2, 5, 8, 12]
    ],
    "gradients": {
        "vit": gradients(VisionTransformer(img_size=16, patch_size=4, embed_dim=64, depth=4, num_heads=4, num_classes=10), 16),
        # 10 x 10 places: windows of 7 are shifted and padded; then 5 x 5: one smaller window.
        "swin": gradients(SwinTransformer(img_size=40, patch_size=4, embed_dim=12, depths=(2, 2), num_heads=(2, 4), window_size=7, num_classes=10, norm_layer=functools.partial(torch.nn.LayerNorm, eps=1e-5)), 40),
    },
}, separators=(",", ":")))
