/** Networks: probabilities, losses and attention. */

export {
  functionalModule,
  probabilityOf,
  lossCallOf,
  type LossCall,
  type Probability,
} from "../rewrite/probabilities.js";
export { runsNetwork } from "../rewrite/model-run.js";
