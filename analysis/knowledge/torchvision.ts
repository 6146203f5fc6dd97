/** Where the datasets of torchvision take their `transform`, read from the signatures of torchvision 0.29.2. */

import { words } from "./table.js";

const PLACES: Readonly<Record<number, string>> = {
  1: "Caltech256 EuroSAT ImageFolder SBU SEMEION SUN397",
  2:
    "CIFAR10 CIFAR100 CLEVRClassification Caltech101 CocoCaptions CocoDetection Country211 FER2013 FashionMNIST Flickr30k Flickr8k Flowers102 Food101 GTSRB KMNIST " +
    "Kitti LSUN MNIST Omniglot PCAM RenderedSST2 SVHN StanfordCars USPS WIDERFace",
  3: "CelebA DTD DatasetFolder FGVCAircraft FakeData INaturalist LFWPairs LFWPeople PhotoTour STL10",
  4: "Cityscapes Imagenette MovingMNIST OxfordIIITPet Places365 VOCDetection VOCSegmentation",
};

const places: ReadonlyMap<string, number> = new Map<string, number>(
  Object.entries(PLACES).flatMap(([place, names]) =>
    words(names).map((it) => [`torchvision.datasets.${it}`, Number(place)] as const),
  ),
);

/** The position of `transform` among the arguments without a name; undefined for what is no dataset, or takes it by name alone. */
export function transformPlace(dataset: string): number | undefined {
  return places.get(dataset);
}
