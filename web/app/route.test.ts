import { expect, it } from 'vitest';
import { pathOf, routeOf } from './route.ts';

it.each([
  ['/', { name: 'lists' }],
  ['/list/01a1-x', { name: 'list', id: '01a1-x' }],
  ['/list/01a1-x/', { name: 'list', id: '01a1-x' }],
  ['/list/', { name: 'lists' }],
  ['/list/a/b', { name: 'lists' }],
  ['/elsewhere', { name: 'lists' }],
])('%s', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});

it('an address leads back to its route', () => {
  expect(routeOf(pathOf({ name: 'list', id: 'a' }))).toEqual({ name: 'list', id: 'a' });
  expect(pathOf({ name: 'lists' })).toBe('/');
});
