import type { Entry } from "./cases.js";
import { Child } from "./child.js";
import { against, CONTENDERS, type Contender } from "./contenders.js";
import { installPeers } from "./install.js";

/** The contenders' processes: one for each label, started when first needed. */
export class Pool {
  readonly #children = new Map<string, Child>();
  readonly #absent = new Set<string>();

  /** Gathers the versions of all that was started. */
  constructor(private readonly versions: Record<string, string>) {}

  /** Undefined where a contender does not start, which is said once. */
  async childOf({ label, contender, folder }: Entry): Promise<Child | undefined> {
    if (this.#absent.has(label)) return undefined;
    const known = this.#children.get(label);
    if (known !== undefined) return known;
    const { start, installed }: Contender = folder === undefined ? CONTENDERS[contender] : against(folder);
    try {
      if (installed) installPeers();
      const child = new Child(start());
      for (const [name, version] of Object.entries((await child.ask({ ask: "versions" })).versions ?? {})) {
        this.versions[name] ??= version; // the first to say it is this Node, not a newer one
      }
      this.#children.set(label, child);
      return child;
    } catch (error) {
      this.#absent.add(label);
      console.error(`${label} is left out: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  /** Ends all of them; what is asked for afterwards starts anew, with the memory and the compiled code of no other work. */
  end(): void {
    for (const child of this.#children.values()) child.end();
    this.#children.clear();
  }
}
