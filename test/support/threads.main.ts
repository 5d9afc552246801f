import { rand, setNumThreads } from "simdgrad";

/** A program with two threads that ends in one of several ways. */
const [way] = process.argv.slice(2);
await setNumThreads(2);
if (way === "works")
  console.log(
    rand([256, 256])
      .matmul(rand([256, 256]))
      .shape.join(),
  );
if (way === "exits") process.exit(7);
if (way === "throws") throw new Error("thrown on purpose");
if (way === "ends them") await setNumThreads(1);
