/** A training that the page controls. It runs in short slices, so that the worker handles a request at once. */

import { toBytes, toSafetensors } from "simdgrad/io";
import { Pace } from "./pace.js";
import type { FileFormat, Reply, Request } from "./protocol.js";
import { openTrainer } from "./train/open.js";
import type { Trainer } from "./train/trainer.js";

/** Milliseconds of work before the worker handles requests again. */
const SLICE = 10;
/** Milliseconds between two snapshots. */
const FRAME = 30;

/** The functions of its host that a session needs. */
type Host = {
  post(reply: Reply): void;
  /** Runs a task after `wait` milliseconds, and after the requests that have arrived. */
  later(task: () => void, wait: number): void;
  now(): number;
};

export class Session {
  private trainer: Trainer | undefined;
  private running = false;
  private scheduled = false;
  /** Whether the page can take a snapshot. */
  private wanted = true;
  /** When the last snapshot was sent, in milliseconds. */
  private sent = 0;
  /** Files that are being written; the weights must not change meanwhile. */
  private exporting = 0;
  /** Counts `open` requests, so that an earlier one can see that a later one replaced it. */
  private opening = 0;
  private readonly pace: Pace;

  constructor(private readonly host: Host) {
    this.pace = new Pace(null, host.now);
  }

  /** Handles a request, and reports errors to the page. */
  async handle(request: Request): Promise<void> {
    try {
      await this.obey(request);
    } catch (error) {
      this.fail(error, this.trainer === undefined);
    }
  }

  private async obey(request: Request): Promise<void> {
    if (request.type === "open") return this.open(request);
    if (request.type === "pace") return this.pace.set(request.rate);
    if (request.type === "drawn") return this.drawn();
    const { trainer } = this;
    if (trainer === undefined) return;
    switch (request.type) {
      case "start":
        return this.start(trainer);
      case "pause":
        return this.pause(trainer);
      case "set":
        trainer.set(request.settings);
        return this.refresh(trainer);
      case "look":
        trainer.look?.(request.index);
        return this.refresh(trainer);
      case "graph":
        return this.graph(trainer, request);
      case "export":
        return this.export(trainer, request.format);
    }
  }

  private async open({ task }: Extract<Request, { type: "open" }>): Promise<void> {
    const opening = ++this.opening;
    this.running = false;
    this.trainer?.dispose();
    this.trainer = undefined;
    const trainer = await openTrainer(task, (text) => this.host.post({ type: "busy", text }));
    if (opening !== this.opening) return trainer.dispose();
    this.trainer = trainer;
    this.host.post({ type: "ready", info: trainer.info } as Reply);
    this.report(trainer);
    this.snapshot(trainer);
  }

  private async graph(trainer: Trainer, { kind, theme }: Extract<Request, { type: "graph" }>): Promise<void> {
    const { graphOf } = await import("./graph-of.js");
    if (trainer !== this.trainer) return;
    const graph = graphOf(() => trainer.specimen(), kind);
    this.host.post({ type: "graph", kind, theme, svg: await graph.svg({ theme }) });
  }

  private async export(trainer: Trainer, format: FileFormat): Promise<void> {
    this.exporting++;
    try {
      const weights = trainer.weights();
      const bytes = await (format === "pth" ? toBytes(weights) : toSafetensors(weights));
      this.host.post({ type: "file", format, bytes });
    } finally {
      this.exporting--;
    }
  }

  private start(trainer: Trainer): void {
    if (trainer.done) trainer.goOn();
    this.running = true;
    this.pace.restart();
    this.snapshot(trainer); // before the first step, which may be slow
    this.schedule(0);
  }

  private pause(trainer: Trainer): void {
    if (!this.running) return;
    this.running = false;
    this.stopped(trainer);
  }

  /** Shows the effect of a request where no step will soon show it. */
  private refresh(trainer: Trainer): void {
    if (!this.running) this.snapshot(trainer);
  }

  private drawn(): void {
    this.wanted = true;
  }

  private schedule(wait: number): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.host.later(() => {
      this.scheduled = false;
      if (!this.running || this.trainer === undefined) return;
      try {
        this.slice(this.trainer);
      } catch (error) {
        this.running = false;
        this.fail(error, true);
      }
    }, wait);
  }

  /** Runs steps for SLICE milliseconds, and sends at most one snapshot. */
  private slice(trainer: Trainer): void {
    const { now } = this.host;
    const end = now() + SLICE;
    while (now() < end && this.exporting === 0 && !trainer.done && this.pace.take()) {
      trainer.advance();
      if (trainer.atCheckpoint && !trainer.done) this.report(trainer);
    }
    if (trainer.done) {
      this.running = false;
      this.stopped(trainer);
      return;
    }
    if (this.wanted && now() - this.sent >= FRAME) this.snapshot(trainer);
    this.schedule(this.exporting > 0 ? SLICE : Math.min(this.pace.wait, SLICE));
  }

  private stopped(trainer: Trainer): void {
    this.snapshot(trainer);
    this.report(trainer);
  }

  private report(trainer: Trainer): void {
    const digest = trainer.digest();
    if (digest !== null) this.host.post({ type: "digest", digest });
  }

  private snapshot(trainer: Trainer): void {
    const { step, done } = trainer;
    this.wanted = false;
    this.sent = this.host.now();
    this.host.post({ type: "snapshot", step, done, running: this.running, view: trainer.view() } as Reply);
  }

  private fail(error: unknown, over: boolean): void {
    this.host.post({ type: "failed", text: error instanceof Error ? error.message : String(error), over });
  }
}
