// Looks at a page in a real browser: console, requests, overlapping text, keyboard, pointer, print. Not part of `cargo test`.
//
//   npm install playwright-core
//   CHROMIUM=$(command -v chromium) node tests/browser/page.mjs "$PWD/output/ekf/report.html" FOLDER-FOR-PICTURES
import { chromium } from "playwright-core";
const [page_file, out] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"] });
let problems = [];
const open = async (options) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) problems.push("console: " + m.text()); });
  page.on("pageerror", (e) => problems.push("error: " + e));
  page.on("request", (r) => { if (!r.url().startsWith("file:") && !r.url().startsWith("data:")) problems.push("request: " + r.url()); });
  await page.goto("file://" + page_file);
  await page.waitForTimeout(300);
  return page;
};
for (const [width, scheme] of [[380, "light"], [800, "dark"], [1280, "light"], [1280, "dark"]]) {
  const page = await open({ viewport: { width, height: 900 }, colorScheme: scheme });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) problems.push(`${width} ${scheme}: page is ${wide} px too wide`);
  // Text over text inside charts, by the boxes that the browser sees.
  const over = await page.evaluate(() => {
    const found = [];
    for (const svg of document.querySelectorAll("figure svg")) {
      const texts = [...svg.querySelectorAll("text")].map((t) => [t.textContent.trim(), t.getBoundingClientRect()]);
      const outer = svg.getBoundingClientRect();
      texts.forEach(([a, p], i) => {
        if (p.left < outer.left - 1 || p.right > outer.right + 1 || p.bottom > outer.bottom + 1) found.push(`clipped ${a}`);
        for (const [b, q] of texts.slice(0, i)) {
          const w = Math.min(p.right, q.right) - Math.max(p.left, q.left), h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
          if (w > 1 && h > 0.35 * Math.min(p.height, q.height)) found.push(`${svg.closest("figure").id}: ${a} | ${b}`);
        }
      });
    }
    return found;
  });
  for (const o of over) problems.push(`${width}: ${o}`);
  await page.screenshot({ path: `${out}/page-${width}-${scheme}.png`, fullPage: true });
  if (width === 1280 && scheme === "light") {
    // Keyboard: every stop by Tab, and values by arrows.
    const stops = [];
    for (let i = 0; i < 120; i++) {
      await page.keyboard.press("Tab");
      stops.push(await page.evaluate(() => { const e = document.activeElement; return e.tagName + "." + e.className + (e.closest("figure")?.id ? "#" + e.closest("figure").id : ""); }));
    }
    const views = new Set(stops.filter((s) => s.startsWith("DIV.view")));
    console.log("figures", await page.locator("figure").count(), "reached by tab", views.size, "distinct stops", new Set(stops).size);
    const view = page.locator("figure .view").first();
    await view.focus();
    await page.keyboard.press("End");
    console.log("arrow value:", await page.locator("figure .value").first().textContent());
    const box = await view.boundingBox();
    await view.scrollIntoViewIfNeeded();
    const now = await view.boundingBox();
    await page.mouse.move(now.x + now.width * 0.45, now.y + now.height * 0.5);
    console.log("pointer value:", await page.locator("figure .value").first().textContent());
    await page.screenshot({ path: `${out}/pointer.png` });
    const box1 = page.locator("figure .controls input").first();
    await box1.uncheck();
    console.log("hidden groups:", await page.evaluate(() => [...document.querySelectorAll("g[data-group]")].filter((g) => g.style.display === "none").length));
    const zoom = page.locator("figure[data-zooms] button").first();
    await zoom.click();
    console.log("zoomed to:", await page.evaluate(() => document.querySelector("figure[data-zooms] svg").style.width));
  }
  await page.close();
}
const page = await open({ viewport: { width: 1000, height: 900 } });
await page.pdf({ path: `${out}/page.pdf`, format: "A4", printBackground: true, margin: { top: "15mm", bottom: "15mm", left: "15mm", right: "15mm" } });
const off = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1000, height: 900 } });
const plain = await off.newPage();
await plain.goto("file://" + page_file);
await plain.screenshot({ path: `${out}/no-script.png` });
if (problems.length) process.exitCode = 1;
console.log(problems.length ? problems.slice(0, 40).join("\n") : "no problems");
await browser.close();
