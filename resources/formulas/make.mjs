// SPDX-License-Identifier: GPL-3.0-or-later
// Typesets table.mjs: one flat SVG per formula (ink is currentColor, 1000 units per em) and formulas.json with each
// formula's size, baseline, reading and slots in em from the top left. Run: npm ci && node make.mjs
import { mathjax } from 'mathjax-full/js/mathjax.js';
import { TeX } from 'mathjax-full/js/input/tex.js';
import { SVG } from 'mathjax-full/js/output/svg.js';
import { MmlMath } from 'mathjax-full/js/core/MmlTree/MmlNodes/math.js';
import { liteAdaptor } from 'mathjax-full/js/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from 'mathjax-full/js/handlers/html.js';
import 'mathjax-full/js/input/tex/AllPackages.js';
import { readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formulas } from './table.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
// Subscripts carry words here, and cards use small type: 0.8 in place of TeX's 0.7 keeps them legible.
MmlMath.defaults.scriptsizemultiplier = 0.8;
// A slot's box reaches from 0.25 em below the baseline to 0.75 em above it. A term is 1.22 em (an operator's room) longer.
const rule = '\\rule[-0.25em]';
const input = new TeX({
    packages: ['base', 'ams', 'html', 'configmacros'],
    macros: {
        slot: [`\\mathord{\\class{slot-#1}{${rule}{#2}{1em}}}`, 2],
        lslot: [`\\mathord{\\class{left-#1}{${rule}{#2}{1em}}}`, 2],
        rslot: [`\\mathord{\\class{right-#1}{${rule}{#2}{1em}}}`, 2],
        term: [`\\mathord{\\class{plus-#1}{${rule}{4.12em}{1em}}}`, 1],
        less: [`\\mathord{\\class{minus-#1}{${rule}{4.12em}{1em}}}`, 1],
    },
    formatError: (_, error) => { throw error; },
});
const page = mathjax.document('', { InputJax: input, OutputJax: new SVG({ fontCache: 'none' }) });

// Only scalings and shifts occur, so a transform is [sx, sy, dx, dy].
function transformOf(text) {
    let [sx, sy, dx, dy] = [1, 1, 0, 0];
    for (const [, kind, args] of (text ?? '').matchAll(/(\w+)\(([^)]*)\)/g)) {
        const [a, b] = args.split(/[\s,]+/).map(Number);
        if (kind === 'translate') [dx, dy] = [dx + sx * a, dy + sy * (b ?? 0)];
        else if (kind === 'scale') [sx, sy] = [sx * a, sy * (b ?? a)];
        else throw new Error(`transform ${kind}`);
    }
    return [sx, sy, dx, dy];
}
const compose = ([a, b, c, d], [sx, sy, dx, dy]) => [a * sx, b * sy, c + a * dx, d + b * dy];
const short = (x) => String(Math.round(x * 10) / 10);

/** One formula: its flat SVG and its entry in formulas.json. Throws on anything the painter could not draw. */
function typeset(name, tex, plain) {
    const svg = adaptor.firstChild(page.convert(tex, { display: true }));
    const [left, top, width, height] = adaptor.getAttribute(svg, 'viewBox').split(' ').map(Number);
    const shapes = [];
    const slots = [];
    const walk = (node, outer, slot) => {
        const kind = adaptor.kind(node);
        const attribute = (key) => adaptor.getAttribute(node, key);
        if ((kind === 'svg' && node !== svg) || kind === 'text' || attribute('data-mml-node') === 'merror')
            throw new Error(`${name}: <${kind}> cannot be drawn`);
        const here = compose(outer, transformOf(attribute('transform')));
        slot = /(slot|left|right|plus|minus)-(\w+)/.exec(attribute('class') ?? '') ?? slot;
        if (kind === 'path' && attribute('d')) {
            shapes.push(`<path transform="matrix(${short(here[0] * 1000) / 1000} 0 0 ${short(here[1] * 1000) / 1000} ` +
                        `${short(here[2])} ${short(here[3])})" d="${attribute('d')}"/>`);
        } else if (kind === 'rect') {
            const [x, y, w, h] = ['x', 'y', 'width', 'height'].map((key) => Number(attribute(key) ?? 0));
            const box = [here[2] + here[0] * x, here[3] + here[1] * (y + h), w * here[0], -h * here[1]];
            if (!slot) {
                shapes.push(`<rect x="${short(box[0])}" y="${short(box[1])}" width="${short(box[2])}" height="${short(box[3])}"/>`);
            } else {
                const em = (v) => Math.round(v) / 1000;
                slots.push({ name: slot[2], x: em(box[0] - left), y: em(box[1] - top), w: em(box[2]), h: em(box[3]),
                             ...(slot[1] === 'slot' ? {} : { kind: slot[1] }) });
            }
        } else if (!['g', 'svg', 'path'].includes(kind)) {
            throw new Error(`${name}: <${kind}> cannot be drawn`);
        }
        for (const child of adaptor.childNodes(node)) walk(child, here, slot);
    };
    walk(svg, [1, 1, 0, 0], null);

    const unique = (names) => [...new Set(names)].sort().join();
    const read = unique([...plain.matchAll(/\{(\w+)\}/g)].map((m) => m[1]));
    const drawn = unique(slots.map((s) => s.name));
    if (read !== drawn) throw new Error(`${name}: the reading has slots ${read}, the formula ${drawn}`);
    const text = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${[left, top, width, height].map(short).join(' ')}" ` +
                 `width="${short(width)}" height="${short(height)}">\n` +
                 `<g fill="currentColor">\n${shapes.join('\n')}\n</g>\n</svg>\n`;
    writeFileSync(join(here, `${name}.svg`), text);
    const em = (v) => Math.round(v) / 1000;
    return { width: em(width), height: em(height), baseline: em(-top), plain, slots };
}

for (const old of readdirSync(here)) if (old.endsWith('.svg')) unlinkSync(join(here, old));
const out = {};
for (const [name, [symbols, reading, numbers, numbersReading]] of Object.entries(formulas)) {
    out[name] = typeset(name, symbols, reading);
    out[`${name}.numbers`] = typeset(`${name}.numbers`, numbers, numbersReading);
}
const rows = Object.entries(out).map(([name, entry]) => `${JSON.stringify(name)}: ${JSON.stringify(entry)}`);
writeFileSync(join(here, 'formulas.json'), `{\n${rows.join(',\n')}\n}\n`);
console.log(`${rows.length} formulas, widest ${Math.max(...Object.values(out).map((f) => f.width))} em`);
