/** PyTorch's layers and losses, read from torch 2.13.0+cpu by scripts/knowledge.py; change that, not this. */

import type { LibraryFacts } from "../library.js";
import { constructors, derived, lists, moved, spread } from "../table.js";

export const TORCH_LAYERS = (): LibraryFacts => ({
  returns: [...constructors({
    "torch.nn":
      "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveLogSoftmaxWithLoss AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AlphaDropout " +
      "AvgPool1d AvgPool2d AvgPool3d BCELoss BCEWithLogitsLoss BatchNorm1d BatchNorm2d BatchNorm3d Bilinear CELU CTCLoss ChannelShuffle CircularPad1d " +
      "CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d Container Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d " +
      "CosineEmbeddingLoss CosineSimilarity CrossEntropyLoss CrossMapLRN2d Dropout Dropout1d Dropout2d Dropout3d ELU Embedding EmbeddingBag " +
      "FeatureAlphaDropout Flatten Fold FractionalMaxPool2d FractionalMaxPool3d GELU GLU GRU GRUCell GaussianNLLLoss GroupNorm Hardshrink Hardsigmoid " +
      "Hardswish Hardtanh HingeEmbeddingLoss HuberLoss Identity InstanceNorm1d InstanceNorm2d InstanceNorm3d KLDivLoss L1Loss LPPool1d LPPool2d LPPool3d LSTM " +
      "LSTMCell LayerNorm LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d " +
      "LazyConvTranspose3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear LeakyReLU Linear LinearCrossEntropyLoss " +
      "LinearCrossEntropyOptions LocalResponseNorm LogSigmoid LogSoftmax MSELoss MarginRankingLoss MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d " +
      "MaxUnpool3d Mish Module ModuleDict ModuleList MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss MultiheadAttention NLLLoss NLLLoss2d PReLU " +
      "PairwiseDistance ParameterDict ParameterList PixelShuffle PixelUnshuffle PoissonNLLLoss RMSNorm RNN RNNBase RNNCell RNNCellBase RReLU ReLU ReLU6 " +
      "ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d SELU Sequential SiLU Sigmoid SmoothL1Loss " +
      "SoftMarginLoss Softmax Softmax2d Softmin Softplus Softshrink Softsign SyncBatchNorm Tanh Tanhshrink Threshold Transformer TransformerDecoder " +
      "TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer TripletMarginLoss TripletMarginWithDistanceLoss Unflatten Unfold Upsample " +
      "UpsamplingBilinear2d UpsamplingNearest2d ZeroPad1d ZeroPad2d ZeroPad3d",
    "torch.nn.parallel": "DataParallel DistributedDataParallel",
  }), ...spread({
    "torch.nn": {
      "torch.Tensor":
        "AdaptiveAvgPool1d.__call__ AdaptiveAvgPool2d.__call__ AdaptiveAvgPool3d.__call__ AlphaDropout.__call__ AvgPool1d.__call__ AvgPool2d.__call__ " +
        "AvgPool3d.__call__ BCELoss.__call__ BCEWithLogitsLoss.__call__ BatchNorm1d.__call__ BatchNorm2d.__call__ BatchNorm3d.__call__ Bilinear.__call__ " +
        "CELU.__call__ CTCLoss.__call__ ChannelShuffle.__call__ CircularPad1d.__call__ CircularPad2d.__call__ CircularPad3d.__call__ ConstantPad1d.__call__ " +
        "ConstantPad2d.__call__ ConstantPad3d.__call__ Conv1d.__call__ Conv2d.__call__ Conv3d.__call__ ConvTranspose1d.__call__ ConvTranspose2d.__call__ " +
        "ConvTranspose3d.__call__ CosineEmbeddingLoss.__call__ CosineSimilarity.__call__ CrossEntropyLoss.__call__ CrossMapLRN2d.__call__ Dropout.__call__ " +
        "Dropout1d.__call__ Dropout2d.__call__ Dropout3d.__call__ ELU.__call__ Embedding.__call__ EmbeddingBag.__call__ FeatureAlphaDropout.__call__ " +
        "Flatten.__call__ Fold.__call__ GELU.__call__ GLU.__call__ GRUCell.__call__ GaussianNLLLoss.__call__ GroupNorm.__call__ Hardshrink.__call__ " +
        "Hardsigmoid.__call__ Hardswish.__call__ Hardtanh.__call__ HingeEmbeddingLoss.__call__ HuberLoss.__call__ Identity.__call__ InstanceNorm1d.__call__ " +
        "InstanceNorm2d.__call__ InstanceNorm3d.__call__ KLDivLoss.__call__ L1Loss.__call__ LPPool1d.__call__ LPPool2d.__call__ LPPool3d.__call__ " +
        "LayerNorm.__call__ LazyLinear.__call__ LeakyReLU.__call__ Linear.__call__ LinearCrossEntropyLoss.__call__ LocalResponseNorm.__call__ " +
        "LogSigmoid.__call__ LogSoftmax.__call__ MSELoss.__call__ MarginRankingLoss.__call__ MaxUnpool1d.__call__ MaxUnpool2d.__call__ MaxUnpool3d.__call__ " +
        "Mish.__call__ MultiLabelMarginLoss.__call__ MultiLabelSoftMarginLoss.__call__ MultiMarginLoss.__call__ NLLLoss.__call__ PReLU.__call__ " +
        "PairwiseDistance.__call__ PixelShuffle.__call__ PixelUnshuffle.__call__ PoissonNLLLoss.__call__ RMSNorm.__call__ RNNCell.__call__ RReLU.__call__ " +
        "ReLU.__call__ ReflectionPad1d.__call__ ReflectionPad2d.__call__ ReflectionPad3d.__call__ ReplicationPad1d.__call__ ReplicationPad2d.__call__ " +
        "ReplicationPad3d.__call__ SELU.__call__ SiLU.__call__ Sigmoid.__call__ SmoothL1Loss.__call__ SoftMarginLoss.__call__ Softmax.__call__ " +
        "Softmax2d.__call__ Softmin.__call__ Softplus.__call__ Softshrink.__call__ Softsign.__call__ SyncBatchNorm.__call__ Tanh.__call__ Tanhshrink.__call__ " +
        "Threshold.__call__ Transformer.__call__ TransformerDecoder.__call__ TransformerDecoderLayer.__call__ TransformerEncoder.__call__ " +
        "TransformerEncoderLayer.__call__ TripletMarginLoss.__call__ TripletMarginWithDistanceLoss.__call__ Unflatten.__call__ Unfold.__call__ Upsample.__call__",
      tuple: "GRU.__call__ LSTM.__call__ RNN.__call__",
      "tuple[torch.Tensor, torch.Tensor]": "LSTMCell.__call__ MultiheadAttention.__call__",
    },
    "torch.nn.Module": {
      None: "add_module compile register_buffer register_module register_parameter set_extra_state set_submodule zero_grad",
      self: "apply bfloat16 cpu cuda double eval float half ipu mtia requires_grad_ share_memory to to_empty train type xpu",
      "iterator[torch.Tensor]": "buffers",
      "iterator[torch.nn.Module]": "children modules",
      str: "extra_repr",
      "torch.Tensor": "get_buffer",
      "torch.nn.Parameter": "get_parameter",
      "torch.nn.Module": "get_submodule",
      "iterator[tuple[str, torch.Tensor]]": "named_buffers",
      "iterator[tuple[str, torch.nn.Module]]": "named_children",
      "iterator[tuple[str, torch.nn.Parameter]]": "named_parameters",
      "iterator[torch.nn.Parameter]": "parameters",
      dict: "state_dict",
    },
  })],
  attributes: spread({
    "torch.nn.Module": {
      bool: "call_super_init dump_patches training",
    },
  }),
  bases: derived({
    "torch.nn.ConstantPad1d": {
      "torch.nn": "ZeroPad1d",
    },
    "torch.nn.ConstantPad2d": {
      "torch.nn": "ZeroPad2d",
    },
    "torch.nn.ConstantPad3d": {
      "torch.nn": "ZeroPad3d",
    },
    "torch.nn.Conv1d": {
      "torch.nn": "LazyConv1d",
    },
    "torch.nn.Conv2d": {
      "torch.nn": "LazyConv2d",
    },
    "torch.nn.Conv3d": {
      "torch.nn": "LazyConv3d",
    },
    "torch.nn.ConvTranspose1d": {
      "torch.nn": "LazyConvTranspose1d",
    },
    "torch.nn.ConvTranspose2d": {
      "torch.nn": "LazyConvTranspose2d",
    },
    "torch.nn.ConvTranspose3d": {
      "torch.nn": "LazyConvTranspose3d",
    },
    "torch.nn.Hardtanh": {
      "torch.nn": "ReLU6",
    },
    "torch.nn.Linear": {
      "torch.nn": "LazyLinear",
    },
    "torch.nn.Module": {
      "torch.nn":
        "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveLogSoftmaxWithLoss AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AlphaDropout " +
        "AvgPool1d AvgPool2d AvgPool3d BatchNorm1d BatchNorm2d BatchNorm3d Bilinear CELU ChannelShuffle CircularPad1d CircularPad2d CircularPad3d ConstantPad1d " +
        "ConstantPad2d ConstantPad3d Container Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d CosineSimilarity CrossMapLRN2d Dropout " +
        "Dropout1d Dropout2d Dropout3d ELU Embedding EmbeddingBag FeatureAlphaDropout Flatten Fold FractionalMaxPool2d FractionalMaxPool3d GELU GLU GroupNorm " +
        "Hardshrink Hardsigmoid Hardswish Hardtanh Identity InstanceNorm1d InstanceNorm2d InstanceNorm3d LPPool1d LPPool2d LPPool3d LayerNorm LazyBatchNorm1d " +
        "LazyBatchNorm2d LazyBatchNorm3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d LeakyReLU Linear LocalResponseNorm LogSigmoid LogSoftmax " +
        "MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d Mish ModuleDict ModuleList MultiheadAttention PReLU PairwiseDistance ParameterDict " +
        "ParameterList PixelShuffle PixelUnshuffle RMSNorm RNNBase RNNCellBase RReLU ReLU ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d " +
        "ReplicationPad2d ReplicationPad3d SELU Sequential SiLU Sigmoid Softmax Softmax2d Softmin Softplus Softshrink Softsign SyncBatchNorm Tanh Tanhshrink " +
        "Threshold Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer Unflatten Unfold Upsample",
      "torch.nn.modules.loss": "_Loss",
      "torch.nn.parallel": "DataParallel DistributedDataParallel",
    },
    "torch.nn.NLLLoss": {
      "torch.nn": "NLLLoss2d",
    },
    "torch.nn.RNNBase": {
      "torch.nn": "GRU LSTM RNN",
    },
    "torch.nn.RNNCellBase": {
      "torch.nn": "GRUCell LSTMCell RNNCell",
    },
    "torch.nn.Upsample": {
      "torch.nn": "UpsamplingBilinear2d UpsamplingNearest2d",
    },
    "torch.nn.modules.loss._Loss": {
      "torch.nn":
        "BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss " +
        "LinearCrossEntropyLoss MSELoss MarginRankingLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss PoissonNLLLoss SmoothL1Loss " +
        "SoftMarginLoss TripletMarginLoss TripletMarginWithDistanceLoss",
    },
  }),
  aliases: [...moved({
    "torch.nn": {
      "torch.nn.modules.activation":
        "CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish MultiheadAttention PReLU RReLU ReLU ReLU6 SELU SiLU " +
        "Sigmoid Softmax Softmax2d Softmin Softplus Softshrink Softsign Tanh Tanhshrink Threshold",
      "torch.nn.modules.adaptive": "AdaptiveLogSoftmaxWithLoss",
      "torch.nn.modules.batchnorm": "BatchNorm1d BatchNorm2d BatchNorm3d LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d SyncBatchNorm",
      "torch.nn.modules.channelshuffle": "ChannelShuffle",
      "torch.nn.modules.container": "Container ModuleDict ModuleList ParameterDict ParameterList Sequential",
      "torch.nn.modules.conv":
        "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d " +
        "LazyConvTranspose3d",
      "torch.nn.modules.distance": "CosineSimilarity PairwiseDistance",
      "torch.nn.modules.dropout": "AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout",
      "torch.nn.modules.flatten": "Flatten Unflatten",
      "torch.nn.modules.fold": "Fold Unfold",
      "torch.nn.modules.instancenorm": "InstanceNorm1d InstanceNorm2d InstanceNorm3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d",
      "torch.nn.modules.linear": "Bilinear Identity LazyLinear Linear",
      "torch.nn.modules.linear_cross_entropy_options": "LinearCrossEntropyOptions",
      "torch.nn.modules.loss":
        "BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss " +
        "LinearCrossEntropyLoss MSELoss MarginRankingLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss NLLLoss2d PoissonNLLLoss " +
        "SmoothL1Loss SoftMarginLoss TripletMarginLoss TripletMarginWithDistanceLoss",
      "torch.nn.modules.module": "Module",
      "torch.nn.modules.normalization": "CrossMapLRN2d GroupNorm LayerNorm LocalResponseNorm RMSNorm",
      "torch.nn.modules.padding":
        "CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d " +
        "ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d",
      "torch.nn.modules.pixelshuffle": "PixelShuffle PixelUnshuffle",
      "torch.nn.modules.pooling":
        "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AvgPool1d AvgPool2d AvgPool3d " +
        "FractionalMaxPool2d FractionalMaxPool3d LPPool1d LPPool2d LPPool3d MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d",
      "torch.nn.modules.rnn": "GRU GRUCell LSTM LSTMCell RNN RNNBase RNNCell RNNCellBase",
      "torch.nn.modules.sparse": "Embedding EmbeddingBag",
      "torch.nn.modules.transformer": "Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer",
      "torch.nn.modules.upsampling": "Upsample UpsamplingBilinear2d UpsamplingNearest2d",
    },
    "torch.nn.parallel": {
      "torch.nn": "DataParallel",
      "torch.nn.parallel.data_parallel": "DataParallel",
      "torch.nn.parallel.distributed": "DistributedDataParallel",
    },
  })],
  mutators: lists({
    "torch.nn.Module":
      "add_module apply bfloat16 compile cpu cuda double eval float half ipu load_state_dict mtia register_backward_hook register_buffer register_forward_hook " +
      "register_forward_pre_hook register_full_backward_hook register_module register_parameter requires_grad_ set_extra_state set_submodule share_memory to " +
      "to_empty train type xpu zero_grad",
  }),
});
