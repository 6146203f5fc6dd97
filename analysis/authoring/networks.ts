/** Networks: probabilities, losses and attention. */

export { probabilityOf, lossCallOf, type LossCall, type Probability } from "../rewrite/probabilities.js";
