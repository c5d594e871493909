/** Clean addresses: `/` for all lists, `/list/<id>` for one. The server answers both with the app. */
import { createStore } from './ui/store.ts';

export type Route = { readonly name: 'lists' } | { readonly name: 'list'; readonly id: string };

export function routeOf(path: string): Route {
  const id = /^\/list\/([\w-]+)\/?$/.exec(path)?.[1];
  return id === undefined ? { name: 'lists' } : { name: 'list', id };
}

export const pathOf = (route: Route): string => (route.name === 'list' ? `/list/${route.id}` : '/');

export const route = createStore<Route>(routeOf(location.pathname));

export function navigate(to: Route, { replace = false } = {}): void {
  if (pathOf(to) === location.pathname) return;
  if (replace) history.replaceState(null, '', pathOf(to));
  else history.pushState(null, '', pathOf(to));
  route.set(to);
}

addEventListener('popstate', () => route.set(routeOf(location.pathname)));
