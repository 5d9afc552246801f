import { record } from "../array/record.js";
import { empty, type Tensor } from "../array/tensor.js";
import { ValueError } from "../base/errors.js";
import { mul } from "../ops/arithmetic.js";
import { bernoulli_, type DrawOptions, elementsOf } from "./fill.js";
