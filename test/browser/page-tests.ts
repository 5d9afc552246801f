/** Tests the page in a real browser. Without a browser they are skipped, unless SIMDGRAD_BROWSERS is "required". */
import { freemem } from "node:os";
import { join } from "node:path";
import type { Tensor } from "simdgrad";
import { load, loadSafetensors } from "simdgrad/io";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { findBrowser, type Kind, openBrowser } from "../support/browser.js";
import { cifarFiles } from "../support/cifar.js";
import { goldenJson } from "../support/files.js";
import { Visitor } from "./visitor.js";

const ofExamples: Record<string, string> = goldenJson("digests.json");
const ofPage: Record<string, string> = goldenJson("site-digests.json");

/** Tests the page in one kind of browser. */
export function testPage(kind: Kind): void {
  const path = findBrowser(kind);
  const wanted = path !== undefined || process.env.SIMDGRAD_BROWSERS === "required";
  if (!wanted) console.log(`${kind} is not installed: the page is not tested in it`);

  describe.runIf(wanted)(`the page in ${kind}`, () => {
    let browser: Awaited<ReturnType<typeof openBrowser>>;
    let visitor: Visitor;
    const url = inject("page");
    beforeAll(async () => {
      expect(path, `${kind} must be installed here`).toBeDefined();
      browser = await openBrowser(kind, path!);
      await fetch(url); // the server builds the page if it is not built
    });
    afterEach(async () => {
      const { complaints } = visitor.visit;
      await visitor.visit.close();
      expect(complaints).toEqual([]);
    });
    afterAll(() => browser.close());

    /** Opens a view and waits until it is ready to train. */
    async function open(view: string): Promise<Visitor> {
      visitor = new Visitor(await browser.visit(`${url}#${view}`));
      if (view !== "sheet") await visitor.state("ready");
      return visitor;
    }

    it("trains the moons to the example's digest, stops early, and gives the weights away", async () => {
      const { page } = await open("moons");
      await page.click("button.run");
      await visitor.state("done");
      expect(await visitor.compared(103)).toBe("step 103 equal");
      expect(await visitor.text(".hex")).toBe(ofExamples.moons);
      expect(await visitor.text(".facts")).toContain("75.5 %");
      await page.click('[data-format="pth"]');
      const pth = (await load(await visitor.visit.downloaded("simdgrad-moons.pth"))) as Record<string, Tensor>;
      await page.click('[data-format="safetensors"]');
      const safe = await loadSafetensors(await visitor.visit.downloaded("simdgrad-moons.safetensors"));
      expect(Object.keys(pth)).toEqual(["lin1.weight", "lin1.bias", "lin2.weight", "lin2.bias"]);
      for (const [name, weight] of Object.entries(pth)) expect(safe[name]!.toArray()).toEqual(weight.toArray());
    });

    it("pauses, where the counter stands still, goes on, and begins anew", async () => {
      const { page } = await open("moons");
      await visitor.choose("pace", "5 per s");
      await page.click("button.run");
      await page.waitForFunction(() => Number(document.querySelector(".step")?.textContent) >= 3);
      await page.click("button.run");
      await visitor.state("paused");
      const step = await visitor.step();
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(await visitor.step()).toBe(step);
      const onRecord = `moons@${step}` in ofPage;
      expect(await visitor.verdict(step)).toBe(`${onRecord ? "Yes," : "Nothing on record"} at step ${step}`);
      await page.click("button.run");
      await page.waitForFunction((from) => Number(document.querySelector(".step")?.textContent) > from, {}, step);
      await page.click("button.run + button");
      await visitor.state("ready");
      expect(await visitor.compared(0)).toBe("step 0 equal");
      expect(await visitor.step()).toBe(0);
      expect(await visitor.text(".hex")).toBe(ofPage["moons@0"]);
    });

    it("takes other settings while it trains, for which nothing is on record", async () => {
      const { page } = await open("moons");
      await visitor.choose("pace", "5 per s");
      await page.click("button.run");
      await page.waitForFunction(() => Number(document.querySelector(".step")?.textContent) >= 2);
      await visitor.choose("head", "none + BCEWithLogitsLoss");
      await visitor.choose("rate", "0.03");
      await visitor.choose("batch", "64");
      await visitor.choose("pace", "full speed");
      await visitor.state("done");
      const last = await visitor.step();
      expect(await visitor.verdict(last)).toBe(`Nothing on record at step ${last}`);
      await page.click('[data-tab="code"]');
      const code = await visitor.text("pre");
      for (const part of ["BCEWithLogitsLoss", "lr: 0.03", "batchSize: 64"]) expect(code).toContain(part);
    });

    it("trains the houses with all six functions, and with one, to the example's digest", async () => {
      const { page } = await open("houses");
      await visitor.choose("pace", "full speed");
      await page.click("button.run");
      await visitor.state("done");
      expect(await visitor.compared(100)).toBe("step 100 equal");
      expect(await visitor.text('[data-variant="linear"] .mse')).toBe("MSE 0.1390, tutorial: 0.13 to 0.14");
      await page.click("button.run + button");
      await visitor.state("ready");
      await visitor.choose("head", "BentIdentity + MSELoss");
      await page.click("button.run");
      await visitor.state("done");
      expect(await visitor.verdict(100)).toBe("Yes, at step 100");
      expect(await visitor.text(".hex")).toBe(ofExamples["house.bentIdentity"]);
      expect(await visitor.text('[data-variant="bentIdentity"] .mse')).toBe("MSE 0.7818, tutorial: 0.78");
    });

    it("trains the scenes for an epoch to the example's digest", async () => {
      const { page } = await open("scenes");
      await page.click("button.run");
      expect(await visitor.compared(1250)).toBe("step 1250 equal");
      expect((await page.$$(".gallery canvas")).length).toBe(8);
      await page.click("button.run");
      await visitor.state("paused", "done");
      const shares = await page.$$eval(".gallery .number", (list) =>
        list.map((one) => Number.parseInt(one.textContent ?? "", 10)),
      );
      expect(shares.length).toBe(24);
      expect(Math.max(...shares)).toBeGreaterThan(20);
    });

    it("trains on CIFAR-10 from files that are chosen or dropped, and refuses others", async () => {
      const { page } = await open("scenes");
      await visitor.drop(cifarFiles(20));
      await page.waitForFunction(() =>
        document.body.textContent?.includes("Your CIFAR-10 files: 100 pictures to train, 20 to test"),
      );
      await visitor.state("ready");
      await page.click("button.run");
      await visitor.state("done");
      expect(await visitor.step()).toBe(50);
      expect(await visitor.verdict(50)).toContain("Nothing on record");
      await visitor.drop({ "holiday.bin": new Uint8Array(10) });
      await page.waitForSelector(".alert:not(:empty)");
      expect(await visitor.text(".alert")).toContain("holiday.bin");
      await visitor.state("ready");
      const data = process.env.SIMDGRAD_DATA;
      if (data === undefined || data === "") return;
      const folder = join(data, "cifar-10-batches-bin");
      const names = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`);
      const input = (await page.$('input[type="file"]'))!;
      await input.uploadFile(...[...names, "test_batch.bin"].map((name) => join(folder, name)));
      await page.waitForFunction(() => /Your CIFAR-10 files: [\d,]{4,} pictures/.test(document.body.textContent ?? ""));
      await visitor.state("ready");
      expect((await page.$$eval(".gallery li > p", (list) => list.map((one) => one.textContent))).slice(0, 4)).toEqual([
        "cat",
        "ship",
        "ship",
        "airplane",
      ]);
      await page.click("button.run");
      await page.waitForFunction(() => Number(document.querySelector(".step")?.textContent) >= 20);
    });

    it("trains the small faces to the digest on record", async () => {
      const { page } = await open("faces");
      await page.click("button.run");
      expect(await visitor.compared(20)).toBe("step 20 equal");
      expect((await page.$$(".attributes li")).length).toBe(40);
      await page.click(".faces button:nth-child(4)");
      await page.waitForSelector('.portrait [aria-label="Test face 4"]');
    });

    it("draws the graphs of layers and of recorded operations", async () => {
      const { page } = await open("scenes");
      for (const [tab, words] of [
        ["layers", ["conv1", "Linear", "10"]],
        ["operations", ["fc3.bias", "Backward"]],
      ] as const) {
        await page.click(`[data-tab="${tab}"]`);
        await page.waitForSelector('[role="tabpanel"]:not([hidden]) .graph svg');
        const text = await visitor.text('[role="tabpanel"]:not([hidden]) svg');
        for (const word of words) expect(text).toContain(word);
      }
      await page.click('[data-tab="training"]');
      await page.click("button.run");
      expect(await visitor.compared(10)).toBe("step 10 equal"); // drawing the graph used no random number
    });

    it("is worked with the keyboard alone", async () => {
      const { page } = await open("moons");
      await visitor.choose("pace", "5 per s");
      await page.focus("#theme");
      await page.keyboard.press("Tab"); // focus moves to the content
      for (let i = 0; i < 3 && !(await page.$("button.run:focus")); i++) await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await visitor.state("running");
      await page.keyboard.press(" ");
      await visitor.state("paused");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      expect(await page.$eval(":focus", (one) => one.getAttribute("data-tab"))).toBe("training");
      await page.keyboard.press("ArrowLeft");
      expect(await page.$eval(":focus", (one) => one.getAttribute("data-tab"))).toBe("code");
      await page.waitForSelector("pre");
      await page.keyboard.press("Home");
      expect(await page.$eval(":focus", (one) => one.getAttribute("aria-selected"))).toBe("true");
    });

    for (const view of ["moons", "houses", "scenes", "faces", "sheet"]) {
      it(`has no barrier that axe calls serious: ${view}, light and dark`, async () => {
        const { page } = await open(view);
        if (view !== "sheet") {
          await page.click("button.run");
          await visitor.compared(view === "faces" ? 0 : 10);
          await page.click("button.run");
          await visitor.state("paused", "done");
        }
        expect(await visitor.barriers()).toEqual([]);
        await page.click("#theme");
        await page.waitForSelector(":root[data-theme]");
        expect(await visitor.barriers()).toEqual([]);
        if (view === "sheet") return;
        await page.click('[data-tab="layers"]');
        await page.waitForSelector(".graph svg");
        expect(await visitor.barriers()).toEqual([]);
      });
    }

    it.runIf(freemem() > 6 * 2 ** 30)("trains the tutorial's own faces, after a warning", async () => {
      const { page } = await open("faces");
      await page.click(".segmented button:nth-child(2)");
      await page.waitForSelector("dialog[open]");
      expect(await visitor.text("dialog")).toContain("104,585,128");
      await page.click("dialog .run");
      await page.waitForFunction(() => document.querySelector(".facts")?.textContent?.includes("104,585,128"), {
        timeout: 60_000,
      });
      await visitor.state("ready");
      await page.click("button.run");
      expect(await visitor.compared(1)).toBe("step 1 equal");
      expect(await visitor.text(".hex")).toBe(ofExamples.faces);
    });
  });
}
