import { describe, expect, it } from 'vitest';
import { startFault } from './cannot-start.ts';

describe('why the app cannot start', () => {
  it.each([
    ['a database that fails', 'It is full.', 'Cannot save here'],
    ['nothing could be loaded', null, 'Not started'],
  ])('%s', (_title, answer, text) => {
    const fault = startFault(answer);
    expect(fault.text).toBe(text);
    expect(fault.why).not.toBe('');
    expect(fault.remedy).not.toBe('');
  });
});
