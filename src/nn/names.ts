import * as nn from "./index.js";
import type { Module } from "./module/module.js";

/** The names of the library's classes. Minifiers rename classes, but not the keys of a namespace. */
const NAMES = new Map<unknown, string>(Object.entries(nn).map(([name, value]) => [value, name]));

/** The name of a module's class. */
export const classNameOf = (module: Module): string => NAMES.get(module.constructor) ?? module.constructor.name;

/** Whether a module's class is one of the library's, not the user's. */
export const isLibraryClass = (module: Module): boolean => NAMES.has(module.constructor);
