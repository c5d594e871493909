/** A queued request is a request: the bare server takes them, one commit each. */
export { start } from './limit.server.mjs';
