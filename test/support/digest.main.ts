import { digest } from "./digest.js";

console.log(digest());
