import { testPage } from "./page-tests.js";

testPage("firefox");
