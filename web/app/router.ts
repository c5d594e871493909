/** Where the app is, and the ways to go elsewhere. The server answers every address with the app. */
import { pathOf, routeOf, type Route } from './route.ts';
import { createStore } from './ui/store.ts';

export const route = createStore<Route>(routeOf(location.pathname));

export function navigate(to: Route): void {
  if (pathOf(to) === location.pathname) return;
  history.pushState(null, '', pathOf(to));
  route.set(to);
}

addEventListener('popstate', () => route.set(routeOf(location.pathname)));
