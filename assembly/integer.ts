export * from "./arithmetic";
