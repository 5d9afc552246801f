import * as nn from "./index.js";
import type { Module } from "./module/module.js";

/** Names of the library's classes, which minifiers change; the keys of a namespace they leave. */
const NAMES = new Map<unknown, string>(Object.entries(nn).map(([name, value]) => [value, name]));

/** The name of a module's class. */
export const classNameOf = (module: Module): string => NAMES.get(module.constructor) ?? module.constructor.name;

/** Whether a module's class is one of the library's, and no class of the user's. */
export const isLibraryClass = (module: Module): boolean => NAMES.has(module.constructor);
