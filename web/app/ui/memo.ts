/** Renders a view again only when one of its props is another one: what keeps long lists cheap. */
import { Component, createElement, type ComponentChild, type ComponentType } from 'preact';

export function memo<P extends object>(view: ComponentType<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !shallowEqual(this.props, next);
    }
    override render(): ComponentChild {
      return createElement(view, this.props as P);
    }
  };
}

export function shallowEqual(a: object, b: object): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.is(a[name as keyof typeof a], b[name as keyof typeof b]))
  );
}
