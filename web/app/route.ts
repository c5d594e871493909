/** Clean addresses: `/` for all lists, `/list/<id>` for one. Pure. */

export type Route = { readonly name: 'lists' } | { readonly name: 'list'; readonly id: string };

export function routeOf(path: string): Route {
  const id = /^\/list\/([\w-]+)\/?$/.exec(path)?.[1];
  return id === undefined ? { name: 'lists' } : { name: 'list', id };
}

export const pathOf = (route: Route): string => (route.name === 'list' ? `/list/${route.id}` : '/');
