import { describe, expect, it } from 'vitest';
import { sanitisedSvg } from '../../../handlers/file-processing/svg/sanitise.ts';

const inSvg = (inner: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">${inner}</svg>`;
/** What is left of something within an SVG. */
const left = (inner: string): string =>
  sanitisedSvg(inSvg(inner)).replace('<svg xmlns="http://www.w3.org/2000/svg">', '').replace('</svg>', '');

describe('an SVG', () => {
  it('keeps what draws', () => {
    const drawing =
      '<defs><linearGradient id="g"><stop offset="0" stop-color="#f00"></stop></linearGradient></defs>' +
      '<style>.a{fill:url(#g)}</style><g transform="scale(2)"><path class="a" d="M0 0L1 1" fill="url(#g)"></path></g>' +
      '<text x="1">Tom &amp; Jerry &lt;3</text>';
    expect(left(drawing)).toBe(drawing);
    expect(left('<use xlink:href="#g"/>')).toBe('<use href="#g"></use>');
    expect(left('<image href="data:image/png;base64,iVBOR="/>')).toBe(
      '<image href="data:image/png;base64,iVBOR="></image>',
    );
  });

  it('loses document type, comments, instructions and foreign elements', () => {
    const text = `<?xml version="1.0"?><?xml-stylesheet href="https://x/a.css"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg11.dtd">
      <!-- by Editor --><svg xmlns="http://www.w3.org/2000/svg" xmlns:i="urn:i" i:pgf="1"><i:data>x</i:data><rect/></svg>`;
    expect(sanitisedSvg(text)).toBe('<svg xmlns="http://www.w3.org/2000/svg"><rect></rect></svg>');
  });
});

/** Each must leave nothing behind, or only what is harmless. */
const ATTACKS: readonly (readonly [attack: string, rest: string])[] = [
  ['<script>alert(1)</script>', ''],
  ['<script xlink:href="https://x/a.js"/>', ''],
  ['<g><foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="x()"/></foreignObject></g>', '<g></g>'],
  ['<html:script xmlns:html="http://www.w3.org/1999/xhtml">alert(1)</html:script>', ''],
  ['<rect onclick="alert(1)" onLoad="x()"/>', '<rect></rect>'],
  ['<a xlink:href="javascript:alert(1)"><rect/></a>', '<rect></rect>'],
  ['<use href="https://x/evil.svg#a"/>', '<use></use>'],
  ['<use href="data:image/svg+xml;base64,PHN2Zy8+#a"/>', '<use></use>'],
  ['<image href="https://x/track.png"/>', '<image></image>'],
  ['<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', '<image></image>'],
  ['<image href="&#106;avascript:alert(1)"/>', '<image></image>'],
  ['<set attributeName="href" to="javascript:alert(1)"/><animate attributeName="href"/>', ''],
  ['<rect fill="url(https://x/#a)" style="background:url(//x/b)"/>', '<rect></rect>'],
  ['<rect filter="url(\'data:image/svg+xml,x#f\')"/>', '<rect></rect>'],
  ['<style>@import "https://x/a.css";</style>', '<style></style>'],
  ['<style>rect{fill:ur\\l(https://x)}</style>', '<style></style>'],
  ['<style>rect{background:image-set("https://x/a.png" 1x)}</style>', '<style></style>'],
  ['<style><![CDATA[</style><script>alert(1)</script>]]></style>', '<style></style>'],
  ['<rect style="width:expression(alert(1))"/>', '<rect></rect>'],
  ['<iframe src="https://x"/><embed/><object/><audio/><handler/><listener/>', ''],
  ['<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>', '<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>'],
  ['<rect id="&quot; onload=&quot;x()"/>', '<rect id="&quot; onload=&quot;x()"></rect>'],
];

describe('an SVG that attacks is disarmed:', () => {
  for (const [attack, rest] of ATTACKS) {
    it(attack, () => {
      expect(left(attack)).toBe(rest);
    });
  }
});

describe('an SVG that cannot be disarmed is refused:', () => {
  const nested = Array.from({ length: 30 }, (_, i) => `<g id="l${i + 1}"><use href="#l${i}"/><use href="#l${i}"/></g>`);
  const cases: readonly (readonly [what: string, text: string, reason: string])[] = [
    ['entities', `<!DOCTYPE svg [<!ENTITY a "x">]>${inSvg('<text>&a;</text>')}`, 'The SVG cannot be read'],
    ['broken XML', '<svg xmlns="http://www.w3.org/2000/svg"><g></svg>', 'The SVG cannot be read'],
    ['another root', '<html xmlns="http://www.w3.org/1999/xhtml"/>', 'no picture in it'],
    ['no namespace', '<svg><rect/></svg>', 'no picture in it'],
    ['uses that multiply', inSvg(`<defs><rect id="l0"/>${nested.join('')}</defs>`), 'over and over'],
    ['a use of itself', inSvg('<g id="a"><use href="#a"/></g>'), 'over and over'],
    ['endless nesting', inSvg('<g>'.repeat(300) + '</g>'.repeat(300)), 'too many parts'],
  ];
  for (const [what, text, reason] of cases) {
    it(what, () => {
      expect(() => sanitisedSvg(text)).toThrow(reason);
    });
  }
});
