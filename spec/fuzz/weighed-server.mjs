// The built server in a process of its own, that tells how much memory it ever had. Looked at again and
// again: the system's own peak would begin with that of the process that started this one.
import { openServer } from '../../dist/server/index.js';

const LOOK_EVERY_MS = 10;

const server = await openServer({ data: process.argv[2] ?? '' });
const { id: account } = await server.accounts.named('ann');
const token = await server.tokens.mint({ account, label: 'weighed' });
let peak = 0;
const look = () => (peak = Math.max(peak, process.memoryUsage.rss()));
setInterval(look, LOOK_EVERY_MS);
process.on('message', () => process.send?.({ peak: look() }));
process.send?.({ port: server.port, token, peak: look() });
