// Check pages with axe at 1280 and 320 px. usage: node axe.mjs page.html…  (CHROME sets the browser)
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { resolve, dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(process.env.NODE_MODULES_BASE ?? `${here}/package.json`);
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const browser = await puppeteer.launch({
  executablePath: process.env.CHROME ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
let bad = 0;
const report = (what, found) => {
  for (const v of found) {
    bad++;
    console.log(`${what}: ${v.id} (${v.impact}) ${v.help}`);
    for (const n of v.nodes.slice(0, 4)) console.log(`    ${n.target.join(" ")}  ${n.failureSummary.split("\n")[1] ?? ""}`);
  }
};
const check = async (page, what) => {
  const r = await page.evaluate((t) => axe.run({ runOnly: t }), tags);
  report(what, r.violations);
};
for (const file of process.argv.slice(2)) {
  for (const width of [1280, 320]) {
    const page = await browser.newPage();
    page.on("pageerror", (e) => { bad++; console.log(`${file}: ${e.message}`); });
    await page.setViewport({ width, height: 900 });
    await page.goto(pathToFileURL(resolve(file)).href, { waitUntil: "load" });
    await page.evaluate(axe);
    await check(page, `${file} ${width}px`);
    const scroll = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (scroll > 0) { bad++; console.log(`${file} ${width}px: page scrolls sideways by ${scroll}px`); }
    // The states a reader can open: the number card and the menu.
    const tall = await page.$("main p a.tall, main a.tall");
    if (tall && await page.$("#tallregister")) {
      await tall.evaluate((e) => e.scrollIntoView({ block: "center" }));
      await tall.click();
      if (!await page.$("#tallkort:popover-open")) { bad++; console.log(`${file} ${width}px: the card did not open`); }
      await check(page, `${file} ${width}px card`);
      await page.keyboard.press("Escape");
      const back = await tall.evaluate((e) => document.activeElement === e);
      if (!back) { bad++; console.log(`${file} ${width}px: focus did not return`); }
    }
    const menu = await page.$("button[popovertarget]");
    if (menu && await menu.isVisible()) {
      await menu.click();
      await check(page, `${file} ${width}px menu`);
    }
    await page.close();
  }
}
await browser.close();
console.log(bad ? `${bad} violations` : "axe: no violations");
process.exit(bad ? 1 : 0);
