// Lighthouse on pages that are named on standard input, one JSON object each: {name, url, cookies, desktop}.
// Writes one object: {name: {performance, accessibility, faults}}, scores from 0 to 100.
import { readFileSync } from 'node:fs';

import lighthouse, { desktopConfig } from 'lighthouse';
import puppeteer from 'puppeteer-core';

const { chromium, flags, pages } = JSON.parse(readFileSync(0, 'utf-8'));
const browser = await puppeteer.launch({ executablePath: chromium, args: flags });
const scores = {};
for (const { name, url, cookies, desktop } of pages) {
  const context = await browser.createBrowserContext();
  await context.setCookie(...cookies);
  const page = await context.newPage();
  const asked = { output: 'json', logLevel: 'error', onlyCategories: ['performance', 'accessibility'], disableStorageReset: true };
  const { lhr } = await lighthouse(url, asked, desktop ? desktopConfig : undefined, page);
  const score = (category) => Math.round((lhr.categories[category].score ?? 0) * 100);
  const faults = Object.values(lhr.audits)
    .filter((audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== 'informative')
    .map((audit) => `${audit.id}${audit.displayValue ? ` (${audit.displayValue})` : ''}`);
  scores[name] = { performance: score('performance'), accessibility: score('accessibility'), faults };
  await context.close();
}
await browser.close();
console.log(JSON.stringify(scores));
