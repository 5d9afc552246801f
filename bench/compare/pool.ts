import type { Entry } from "./cases.js";
import { Child } from "./child.js";
import { against, CONTENDERS, type Contender } from "./contenders.js";
import { installPeers } from "./install.js";

/** The processes of the contenders: one for each label, started at its first use. */
export class Pool {
  readonly #children = new Map<string, Child>();
  readonly #absent = new Set<string>();

  /** Collects the versions of all contenders in `versions`. */
  constructor(private readonly versions: Record<string, string>) {}

  /** The process of an entry. Undefined if it does not start; a message says so once. */
  async childOf({ label, contender, folder }: Entry): Promise<Child | undefined> {
    if (this.#absent.has(label)) return undefined;
    const known = this.#children.get(label);
    if (known !== undefined) return known;
    const { start, installed }: Contender = folder === undefined ? CONTENDERS[contender] : against(folder);
    try {
      if (installed) installPeers();
      const child = new Child(start());
      for (const [name, version] of Object.entries((await child.ask({ ask: "versions" })).versions ?? {})) {
        this.versions[name] ??= version; // the first contender runs in this Node, later ones in a newer one
      }
      this.#children.set(label, child);
      return child;
    } catch (error) {
      this.#absent.add(label);
      console.error(`${label} is left out: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  /** Ends all processes. The next work starts in new ones, without memory or compiled code of other work. */
  end(): void {
    for (const child of this.#children.values()) child.end();
    this.#children.clear();
  }
}
