/** A `ref` that gives an element the focus when it appears: one function for all, so that it is called once for each. */
export const takeFocus = (element: HTMLElement | null): void => element?.focus();
