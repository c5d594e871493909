/** Its server is that of the other limit. */
export { start } from './limit.server.mjs';
