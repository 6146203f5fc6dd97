"""The first optimizer that is made imports the compiler, which takes longer than most programs."""

import torch._dynamo
import torch.optim
