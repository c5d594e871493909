/**
 * The app's page as one classic script. Chromium compiles a script whole when a worker keeps it while it
 * is installed, and each later start takes that from the cache; but only what is no module, and a module
 * that a worker answers with is parsed anew each time (docs/decisions/0028-one-classic-script.md).
 *
 * What is loaded later stays a module. Where that takes something from the page, the page's script hands
 * it over in a global of this name:
 *
 *   index.js   export { a as t }                 ──►  (() => { … self.offingLists = { t: a }; })();
 *   later.js   import { t as b } from './index'  ──►  const { t: b } = self.offingLists;
 */
import MagicString from 'magic-string';

/** The minifier drops the real one, which a module need not say; this is as long, for the source map. */
const STRICT_LATER = 'use_strict';

const HANDED_OVER = 'self.offingLists';

/** @returns {import('vite').Plugin} */
export function classicPage() {
  return {
    name: 'classic-page',
    apply: 'build',
    renderChunk(code, chunk, _, { chunks }) {
      const text = new MagicString(code);
      const { body } = this.parse(code);
      if (chunk.isEntry) asScript(text, body);
      else {
        const pages = Object.values(chunks).filter(({ isEntry }) => isEntry);
        takeFromPage(
          text,
          body,
          pages.map(({ fileName }) => fileName),
        );
      }
      return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
    },
    generateBundle(_, files) {
      for (const file of Object.values(files))
        if (file.type === 'chunk' && file.isEntry) file.code = withStrict(file.code);
    },
    transformIndexHtml: { order: 'post', handler: withClassicScript },
  };
}

/** @typedef {import('vite').ESTree.Program['body']} Body */

/**
 * The page's module within a function, as what a module is: strict, and with names of its own. Throws
 * where it has something that only a module may.
 * @param {MagicString} text @param {Body} body
 */
function asScript(text, body) {
  /** @type {string[]} */
  const handed = [];
  for (const part of body) {
    if (!/^(Import|Export)/.test(part.type)) continue;
    if (part.type !== 'ExportNamedDeclaration' || part.source || part.declaration) {
      throw new Error(`No classic script has this: ${text.slice(part.start, part.end)}`);
    }
    for (const { local, exported } of part.specifiers)
      handed.push(`${nameOf(exported)}: ${nameOf(local)}`);
    text.remove(part.start, part.end);
  }
  // Vite's helper for what is loaded later asks it for nothing but the page's own address.
  text.replaceAll('import.meta', '({ url: document.baseURI })');
  text.prepend(`(() => {\n'${STRICT_LATER}';\n`);
  text.append(`\n${HANDED_OVER} = { ${handed.join(', ')} };\n})();\n`);
}

/** @param {string} code */
function withStrict(code) {
  const parts = code.split(STRICT_LATER);
  if (parts.length !== 2) throw new Error('It is not clear where the page turns strict.');
  return parts.join('use strict');
}

/**
 * @param {MagicString} text @param {Body} body
 * @param {readonly string[]} pages the page's own file names
 */
function takeFromPage(text, body, pages) {
  for (const part of body) {
    if (part.type !== 'ImportDeclaration') continue;
    const from = part.source.value.replace(/^\.\//, '');
    if (!pages.some((page) => page.endsWith(`/${from}`))) continue;
    const taken = part.specifiers.map((one) => {
      if (one.type !== 'ImportSpecifier') throw new Error(`${from} is imported as a whole.`);
      return `${nameOf(one.imported)}: ${one.local.name}`;
    });
    text.update(part.start, part.end, `const { ${taken.join(', ')} } = ${HANDED_OVER};`);
  }
}

/** @param {import('vite').ESTree.ModuleExportName} name */
const nameOf = (name) => (name.type === 'Literal' ? name.value : name.name);

/** It runs when a module would: when the document has been read. @param {string} html */
function withClassicScript(html) {
  const classic = html.replace(
    /<script type="module" crossorigin (src="[^"]+")>/g,
    '<script defer $1>',
  );
  if (classic.includes('type="module"')) throw new Error('The page has a module of another form.');
  return classic;
}
