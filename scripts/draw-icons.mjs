/**
 * `node scripts/draw-icons.mjs`: the app's PNG icons from its one drawing, by the browser that the
 * tests use. Run it after changing web/app/public/favicon.svg, and commit what it draws.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findBrowser } from './find-browser.mjs';
import { root } from './prerequisites.mjs';

const icons = join(root, 'web', 'app', 'public', 'icons');
const drawing = readFileSync(join(root, 'web', 'app', 'public', 'favicon.svg'), 'utf8');

/**
 * A launcher cuts a maskable icon to its own shape, and iOS rounds its own corners: both get the
 * ground to the edge, the maskable one also the mark within the inner four fifths.
 */
const toTheEdge = drawing
  .replace('rx="8"', '')
  .replace('M0 19h32v5a8 8 0 01-8 8H8a8 8 0 01-8-8z', 'M0 19h32v13H0z');
const maskable = toTheEdge.replace(
  '<path d="M8.5',
  '<path transform="translate(16 16) scale(.8) translate(-16.25 -15.5)" d="M8.5',
);

const executablePath = findBrowser();
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ['--no-sandbox', '--disable-gpu'],
});
await draw('icon-192.png', drawing, 192);
await draw('icon-512.png', drawing, 512);
await draw('maskable-512.png', maskable, 512);
await draw('apple-touch-icon.png', toTheEdge, 180);
await browser.close();

/**
 * @param {string} name
 * @param {string} svg
 * @param {number} size
 */
async function draw(name, svg, size) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  await page.screenshot({ path: join(icons, name), omitBackground: true });
  await page.close();
}
