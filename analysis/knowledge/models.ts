/** Facts about ready-made PyTorch models, kept by hand: those of torchvision 0.29.2, and the makers of Hugging Face Transformers. */

import type { LibraryFacts } from "./library.js";
import { derived, lists, spread } from "./table.js";

const TASKS =
  "AudioClassification CausalLM DepthEstimation Generation ImageClassification ImageSegmentation ImageTextToText InstanceSegmentation KeypointDetection " +
  "MaskGeneration MaskedImageModeling MaskedLM MultipleChoice NextSentencePrediction ObjectDetection PreTraining QuestionAnswering SemanticSegmentation " +
  "Seq2SeqLM SequenceClassification SpeechSeq2Seq TableQuestionAnswering TextEncoding TokenClassification UniversalSegmentation VideoClassification " +
  "Vision2Seq VisualQuestionAnswering ZeroShotImageClassification ZeroShotObjectDetection CTC";
const makers = TASKS.split(" ").map((it) => `transformers.AutoModelFor${it}`);
const AUTO = ["transformers.AutoModel", "transformers.AutoModelWithLMHead", "transformers.AutoBackbone", ...makers];

const PICTURES =
  "alexnet convnext_tiny convnext_small convnext_base convnext_large densenet121 densenet161 densenet169 densenet201 efficientnet_b0 efficientnet_b1 " +
  "efficientnet_b2 efficientnet_b3 efficientnet_b4 efficientnet_b5 efficientnet_b6 efficientnet_b7 efficientnet_v2_s efficientnet_v2_m efficientnet_v2_l " +
  "googlenet inception_v3 maxvit_t mnasnet0_5 mnasnet0_75 mnasnet1_0 mnasnet1_3 mobilenet_v2 mobilenet_v3_large mobilenet_v3_small regnet_y_400mf " +
  "regnet_y_800mf regnet_y_1_6gf regnet_y_3_2gf regnet_y_8gf regnet_y_16gf regnet_y_32gf regnet_x_400mf regnet_x_800mf regnet_x_1_6gf regnet_x_3_2gf " +
  "regnet_x_8gf regnet_x_16gf regnet_x_32gf resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d resnext101_64x4d " +
  "wide_resnet50_2 wide_resnet101_2 shufflenet_v2_x0_5 shufflenet_v2_x1_0 shufflenet_v2_x1_5 shufflenet_v2_x2_0 squeezenet1_0 squeezenet1_1 swin_t swin_s " +
  "swin_b swin_v2_t swin_v2_s swin_v2_b vgg11 vgg11_bn vgg13 vgg13_bn vgg16 vgg16_bn vgg19 vgg19_bn vit_b_16 vit_b_32 vit_l_16 vit_l_32 vit_h_14";

export const MODELS = (): LibraryFacts => ({
  returns: spread({
    "torchvision.models": { "torch.nn.Module": PICTURES },
    "torchvision.models.segmentation": {
      "torch.nn.Module":
        "deeplabv3_resnet50 deeplabv3_resnet101 deeplabv3_mobilenet_v3_large fcn_resnet50 fcn_resnet101 lraspp_mobilenet_v3_large",
    },
    "torchvision.models.detection": {
      "torch.nn.Module":
        "fasterrcnn_resnet50_fpn fasterrcnn_resnet50_fpn_v2 fasterrcnn_mobilenet_v3_large_320_fpn fasterrcnn_mobilenet_v3_large_fpn fcos_resnet50_fpn " +
        "keypointrcnn_resnet50_fpn maskrcnn_resnet50_fpn maskrcnn_resnet50_fpn_v2 retinanet_resnet50_fpn retinanet_resnet50_fpn_v2 ssd300_vgg16 " +
        "ssdlite320_mobilenet_v3_large",
    },
    "torchvision.models.video": {
      "torch.nn.Module": "mvit_v1_b mvit_v2_s r3d_18 mc3_18 r2plus1d_18 s3d swin3d_t swin3d_s swin3d_b",
    },
    ...Object.fromEntries(
      AUTO.map((it) => [it, { "transformers.PreTrainedModel": "from_pretrained from_config" }] as const),
    ),
    "transformers.AutoTokenizer": { "transformers.PreTrainedTokenizerBase": "from_pretrained" },
    "transformers.PreTrainedTokenizerBase": {
      "list[str]": "tokenize batch_decode",
      "?": "decode encode apply_chat_template convert_tokens_to_ids __call__",
    },
    "transformers.PreTrainedModel": { "?": "generate", None: "save_pretrained gradient_checkpointing_enable" },
  }),
  // With `output_loading_info` or `return_unused_kwargs` a pair.
  given: AUTO.map((it) => [`${it}.from_pretrained`, "output_loading_info: ?"] as const),
  bases: derived({ "torch.nn.Module": { transformers: "PreTrainedModel" } }),
  mutators: lists({ "transformers.PreTrainedTokenizerBase": "add_tokens add_special_tokens train_new_from_iterator" }),
});
