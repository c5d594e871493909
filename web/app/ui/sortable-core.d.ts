/** The core build has the types of the full one, and its plugins by name. */
declare module 'sortablejs/modular/sortable.core.esm.js' {
  import Sortable from 'sortablejs';
  export { Sortable };
  export { AutoScroll } from 'sortablejs';
}
