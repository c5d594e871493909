import { describe, expect, it } from 'vitest';
import { linkWith, readLink, tokenIn } from './connect-link.ts';

const HERE = 'https://lists.example';
const TOKEN = 'off_AbC-123_xyz';

describe('tokenIn', () => {
  it.each([
    [`#connect=${TOKEN}`, TOKEN],
    ['#connect=off_a%2Bb%3Dcdef', 'off_a+b=cdef'],
    ['#connect=', null],
    ['#connect=%E0%A4%A', null],
    ['#connect=a b c d e f g', null],
    ['#section', null],
    ['', null],
  ])('%s', (fragment, expected) => {
    expect(tokenIn(fragment)).toBe(expected);
  });
});

describe('readLink', () => {
  it.each([
    ['the link as printed', ` ${linkWith(HERE, TOKEN)}\n`, { kind: 'token', token: TOKEN }],
    ['the token alone', TOKEN, { kind: 'token', token: TOKEN }],
    ['a link without a token', `${HERE}/list/1`, { kind: 'unreadable' }],
    ['words', 'what is this', { kind: 'unreadable' }],
    ['nothing', '', { kind: 'unreadable' }],
    [
      'the link of another server',
      linkWith('http://10.0.0.2:8787', TOKEN),
      {
        kind: 'elsewhere',
        origin: 'http://10.0.0.2:8787',
        href: `http://10.0.0.2:8787/#connect=${TOKEN}`,
      },
    ],
  ])('%s', (_name, pasted, expected) => {
    expect(readLink(pasted, HERE)).toEqual(expected);
  });
});
