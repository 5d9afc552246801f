/** The view of an example: its controls, tabs and digest, and the worker that trains it. */
import type { Example } from "../catalogue.js";
import { Client, type Snapshot } from "../client.js";
import type { FileFormat, GraphKind, Name, Reply, Task, Theme } from "../protocol.js";
import type { Size } from "../train/faces-net.js";
import type { Settings } from "../train/trainer.js";
import { type CodeBlock, codeBlock } from "../ui/code.js";
import { digestCard } from "../ui/digest.js";
import { h, setText } from "../ui/dom.js";
import { download } from "../ui/download.js";
import { type GraphPanel, graphPanel } from "../ui/graph-panel.js";
import { icon } from "../ui/icons.js";
import { tabs } from "../ui/tabs.js";
import { runBar, type State } from "./run-bar.js";
import { settingsForm } from "./settings-form.js";
import type { Orders, Stage } from "./stage.js";

/** What differs between examples. */
export type Parts<N extends Name> = {
  name: N;
  example(size: Size): Example;
  stage(orders: Orders): Stage<N>;
  code(settings: Settings, size: Size): string;
  /** Makes further controls. */
  extras?(orders: Orders): HTMLElement;
};

const GRAPHS: Record<GraphKind, string> = {
  layers: "The layers with their sizes and parameters, and the shapes of the tensors between them.",
  operations: "The operations recorded for the backward pass, from the parameters (blue) to the loss (green).",
};

export class Workbench<N extends Name> {
  readonly element: HTMLElement;
  private client: Client<N> | undefined;
  private size: Size = "small";
  private files: readonly File[] = [];
  private settings: Settings;
  private pace: number | null;
  private state: State = "busy";
  private latest: Snapshot<N> | undefined;
  private readonly stage: Stage<N>;
  private readonly bar;
  private readonly form;
  private readonly digest = digestCard();
  private readonly alert = h("p", { class: "alert", role: "alert" });
  private readonly code: CodeBlock;
  private readonly graphs: Record<GraphKind, GraphPanel>;

  constructor(private readonly parts: Parts<N>) {
    const { example } = this;
    this.settings = example.defaults;
    this.pace = example.pace;
    const orders: Orders = { send: (request) => this.client?.send(request), open: (part) => this.open(part) };
    this.stage = parts.stage(orders);
    this.bar = runBar(
      example.unit,
      () => this.toggle(),
      () => this.begin(),
    );
    this.form = settingsForm(example, {
      changed: (settings) => this.change(settings),
      paced: (rate) => this.setPace(rate),
      defaults: () => this.useDefaults(),
    });
    this.code = codeBlock("the program of this example");
    const ask = (kind: GraphKind, theme: Theme): void => this.client?.send({ type: "graph", kind, theme });
    this.graphs = {
      layers: graphPanel("layers", GRAPHS.layers, ask),
      operations: graphPanel("operations", GRAPHS.operations, ask),
    };
    this.element = this.layOut(example, parts.extras?.(orders));
    this.show("busy");
  }

  /** The visitor opens this example. */
  enter(): void {
    if (this.client === undefined) this.connect();
  }

  /** The visitor leaves: the training pauses. */
  leave(): void {
    if (this.state === "running") this.client?.send({ type: "pause" });
  }

  private get example(): Example {
    return this.parts.example(this.size);
  }

  private layOut({ title, intro }: Example, extras: HTMLElement | undefined): HTMLElement {
    const training = h("div", {}, this.stage.element);
    const { layers, operations } = this.graphs;
    const views = tabs("What to show", [
      { name: "training", label: "Training", panel: training },
      { name: "layers", label: "Layers", panel: h("div", {}, layers.element), shown: layers.shown },
      { name: "operations", label: "Operations", panel: h("div", {}, operations.element), shown: operations.shown },
      { name: "code", label: "Code", panel: h("div", {}, this.code.element) },
    ]);
    const side = [this.form.element, ...(extras === undefined ? [] : [extras]), this.digest.element, this.exports()];
    return h(
      "div",
      { class: "bench" },
      h("header", { class: "intro" }, h("h1", {}, title), h("p", {}, intro)),
      this.bar.element,
      this.alert,
      h(
        "div",
        { class: "columns" },
        h("div", { class: "work" }, views.list, ...views.panels),
        h("aside", { class: "side", "aria-label": "Settings and weights" }, ...side),
      ),
    );
  }

  private exports(): HTMLElement {
    const button = (format: FileFormat): HTMLElement =>
      h(
        "button",
        { type: "button", click: () => this.client?.send({ type: "export", format }), "data-format": format },
        icon("down"),
        h("span", {}, `.${format}`),
      );
    const text = "The current weights: .pth for torch.load, .safetensors for any program that reads that format.";
    return h(
      "section",
      { class: "card exports" },
      h("h2", {}, "Download the weights"),
      h("p", { class: "note" }, text),
      button("pth"),
      button("safetensors"),
    );
  }

  private connect(): void {
    this.client?.end();
    this.client = new Client<N>({
      take: (snapshot) => this.take(snapshot),
      draw: () => this.draw(),
      hear: (reply) => this.hear(reply),
    });
    this.client.send({ type: "pace", rate: this.pace });
    this.begin();
  }

  /** Starts from the first step, with the current settings. */
  private begin(): void {
    this.show("busy");
    setText(this.alert, "");
    const task: Task = { name: this.parts.name, settings: this.settings, files: this.files, size: this.size };
    this.client?.send({ type: "open", task });
  }

  /** Starts with other files or another size. Another size gets a new worker, because a Wasm memory never shrinks. */
  private open({ files = this.files, size = this.size }: Parameters<Orders["open"]>[0]): void {
    this.files = files;
    if (size === this.size) {
      this.begin();
      return;
    }
    this.size = size;
    this.settings = this.example.defaults;
    this.connect();
  }

  private toggle(): void {
    if (this.state === "busy" || this.state === "failed") return;
    const running = this.state === "running";
    if (running) this.bar.state("running", "Pausing…"); // until the worker confirms it
    this.client?.send({ type: running ? "pause" : "start" });
  }

  private change(settings: Partial<Settings>): void {
    this.settings = { ...this.settings, ...settings };
    this.code.set(this.parts.code(this.settings, this.size));
    const { seed, ...rest } = settings;
    if (seed !== undefined) {
      this.begin();
      return;
    }
    this.client?.send({ type: "set", settings: rest });
    if (rest.head !== undefined || rest.batch !== undefined)
      for (const graph of Object.values(this.graphs)) graph.stale();
  }

  private setPace(rate: number | null): void {
    this.pace = rate;
    this.client?.send({ type: "pace", rate });
  }

  private useDefaults(): void {
    this.settings = this.example.defaults;
    this.begin();
  }

  private take(snapshot: Snapshot<N>): void {
    this.latest = snapshot;
    this.stage.take(snapshot.view);
  }

  private draw(): void {
    if (this.latest === undefined) return;
    const { step, running, done } = this.latest;
    this.bar.step(step);
    this.stage.draw();
    if (this.state === "busy") return; // the snapshot belongs to an earlier training
    if (running) this.show("running");
    else if (done) this.show("done");
    else this.show(step === 0 ? "ready" : "paused");
  }

  private hear(reply: Exclude<Reply<N>, { type: "snapshot" }>): void {
    switch (reply.type) {
      case "busy":
        this.show("busy", reply.text);
        break;
      case "ready":
        this.welcome(reply.info);
        break;
      case "digest":
        this.digest.show(reply.digest);
        break;
      case "graph":
        this.graphs[reply.kind].set(reply.svg, reply.theme);
        break;
      case "file":
        download(`simdgrad-${this.parts.name}.${reply.format}`, reply.bytes);
        break;
      case "failed":
        this.fail(reply.text, reply.over);
        break;
    }
  }

  private welcome(info: Extract<Reply<N>, { type: "ready" }>["info"]): void {
    this.latest = undefined;
    this.bar.step(0);
    this.digest.clear();
    this.form.show(this.example, this.settings);
    this.code.set(this.parts.code(this.settings, this.size));
    this.stage.ready(info);
    for (const graph of Object.values(this.graphs)) graph.stale();
    this.show("ready");
  }

  /** Shows an error. If the files are not CIFAR-10, goes back to the drawings. */
  private fail(text: string, over: boolean): void {
    const wrongFiles = this.state === "busy" && this.files.length > 0;
    if (wrongFiles) {
      this.files = [];
      this.begin();
    } else if (over) this.show("failed");
    setText(this.alert, text);
  }

  private show(state: State, text?: string): void {
    if (this.state === state && text === undefined && this.client !== undefined && state !== "busy") return;
    this.state = state;
    this.bar.state(state, text);
    this.element.dataset.state = state;
  }
}
