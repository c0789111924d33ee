"""The networks that both sides train, as PyTorch users write them. Same layers, same shapes as src/core/builtin."""
import torch
from torch import nn


class BasicBlock(nn.Module):
    """Two 3x3 convolutions; where the shape changes the shortcut is a 1x1 convolution with batch norm."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = None
        if stride != 1 or inputs != channels:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + shortcut)


class CifarResNet(nn.Module):
    """6n + 2 layers for small images (He et al. 2016, section 4.2)."""

    def __init__(self, n, channels, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        inputs = 16
        for stage, width in enumerate((16, 32, 64), start=1):
            blocks = []
            for place in range(n):
                blocks.append(BasicBlock(inputs, width, 2 if stage > 1 and place == 0 else 1))
                inputs = width
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
        self.fc = nn.Linear(64, classes)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


def network(name, side, channels, classes):
    """@param name as in a plan's model.network"""
    if name.startswith("resnet-") and int(name[7:]) in (8, 20, 32):
        return CifarResNet((int(name[7:]) - 2) // 6, channels, classes)
    if name == "small-cnn":
        return nn.Sequential(
            nn.Conv2d(channels, 16, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(32 * (side // 4) ** 2, classes))
    if name == "resnet-50":
        from torchvision.models import resnet50
        return resnet50(num_classes=classes)
    if name == "vit-tiny":
        import timm
        return timm.create_model("vit_tiny_patch16_224", img_size=side, num_classes=classes)
    raise SystemExit(f"no network {name}")
