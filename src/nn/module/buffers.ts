import { ValueError } from "../../base/errors.js";
import { keep } from "../../memory.js";
import { Tensor } from "../../methods.js";
import { currentScope, moveStorage } from "../../runtime/scope.js";
import { areHeld, type Held } from "./members.js";
import { Parameter } from "./parameter.js";

/** A buffer (null has no key in the state dict), and the property that holds it, once that was seen. */
type Entry = { tensor: Tensor | null; persistent: boolean; property: string | null };

/** `runningMean` for `running_mean`. */
const camelCase = (name: string): string => name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The buffers of a module by name. What is assigned to the property of a buffer becomes the buffer. */
export class Buffers {
  readonly #entries = new Map<string, Entry>();
  /** Buffers in properties, as of the last look. */
  #held: Held<Tensor>[] = [];
  readonly #owner: Record<string, unknown> & object;

  constructor(owner: object) {
    this.#owner = owner as Record<string, unknown>;
  }

  /** Registers a buffer. */
  set(name: string, tensor: Tensor | null, persistent: boolean): void {
    if (tensor !== null) keep(tensor);
    this.#entries.set(name, { tensor, persistent, property: null });
  }

  /** Brings the buffers up to date with the properties. @throws ValueError for a property that holds something else */
  look(): void {
    for (const [name, entry] of this.#entries) {
      entry.property ??= this.#propertyOf(name, entry);
      if (entry.property === null) continue;
      const value = this.#owner[entry.property];
      if (value === entry.tensor) continue;
      if (value instanceof Parameter) this.#entries.delete(name);
      else if (value instanceof Tensor) renew(entry, value);
      else if (value === null || value === undefined) entry.tensor = null;
      else {
        throw new ValueError(
          `${this.#owner.constructor.name}.${entry.property}`,
          `expected the tensor of buffer ${name}, or null, got ${typeof value}`,
        );
      }
    }
    this.#held = this.all().flatMap(({ property, tensor }) =>
      property === null ? [] : [{ name: property, value: tensor }],
    );
  }

  /** Whether the properties hold the buffers that the last look saw. */
  areHeld(): boolean {
    return this.#held.length === 0 || areHeld(this.#owner, this.#held);
  }

  #propertyOf(name: string, { tensor }: Entry): string | null {
    const isTensor = (property: string): boolean =>
      Object.hasOwn(this.#owner, property) && this.#owner[property] instanceof Tensor;
    const holder = tensor === null ? undefined : Object.entries(this.#owner).find(([, value]) => value === tensor)?.[0];
    return holder ?? [name, camelCase(name)].find(isTensor) ?? null;
  }

  /** Whether a buffer has the name. */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Names, buffers and whether they are in the state dict; those that are null left out. */
  all(): { name: string; tensor: Tensor; persistent: boolean; property: string | null }[] {
    return [...this.#entries].flatMap(([name, { tensor, persistent, property }]) =>
      tensor === null ? [] : [{ name, tensor, persistent, property }],
    );
  }

  /** Enters copies of all buffers into those of a copied module. */
  copyTo(other: Buffers, copy: (tensor: Tensor) => Tensor): void {
    for (const [name, { tensor, persistent, property }] of this.#entries) {
      other.#entries.set(name, { tensor: tensor && keep(copy(tensor)), persistent, property });
    }
  }
}

/** The new tensor outlives all scopes; the innermost one takes the old one over. */
function renew(entry: Entry, tensor: Tensor): void {
  const old = entry.tensor?.storage;
  entry.tensor = keep(tensor);
  if (old === undefined || old === tensor.storage || old.owner !== null) return;
  old.kept = false;
  moveStorage(old, currentScope() ?? null);
}
