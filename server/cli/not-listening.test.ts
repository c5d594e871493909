import { describe, expect, it } from 'vitest';
import { notListening } from './not-listening.ts';

const ASKED = { port: 80, host: '10.0.0.1', metrics: { port: 9464 } };

/** As the system's errors are. */
const failing = (code: string, syscall: string, more: object = {}) =>
  Object.assign(new Error(`${code}: ${syscall}`), { code, syscall, ...more });

describe('why the server does not listen', () => {
  it.each([
    [failing('EADDRINUSE', 'listen', { port: 80 }), 'port 80 is in use'],
    [failing('EADDRINUSE', 'listen', { port: 9464 }), '--metrics: port 9464 is in use'],
    [failing('EACCES', 'listen', { port: 80 }), 'port 80 is not allowed here'],
    [failing('EADDRNOTAVAIL', 'listen'), '--host: 10.0.0.1 is no address of this machine'],
    [failing('ENOTFOUND', 'getaddrinfo'), '--host: 10.0.0.1 is no address of this machine'],
    // Of the data directory, which says itself what it is about.
    [failing('EACCES', 'mkdir', { path: '/data' }), undefined],
    [failing('EACCES', 'open', { path: '/data/offing.db' }), undefined],
    [new Error('of ours'), undefined],
  ])('[OPS69] is told by what the system refused: %s', (error, message) => {
    expect(notListening(error, ASKED)?.message).toBe(message);
  });

  it('[OPS69] is that both ports are the same', () => {
    const error = failing('EADDRINUSE', 'listen', { port: 80 });
    const told = notListening(error, { ...ASKED, metrics: { port: 80 } });
    expect(told?.message).toBe('port 80 is in use, and --metrics names the same one');
  });
});
