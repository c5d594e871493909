import { describe, expect, it } from 'vitest';
import { startFault, type Surroundings } from './cannot-start.ts';

const good: Surroundings = {
  isSecure: true,
  hasServiceWorkers: true,
  answer: null,
  refusal: null,
};

describe('why the app cannot start', () => {
  // An address without https hides the service workers too: the reason is the address.
  it.each([
    ['plain http', { isSecure: false, hasServiceWorkers: false }, 'Needs https', false],
    ['a private window', { hasServiceWorkers: false }, 'Cannot run here', false],
    ['a certificate', { refusal: 'SecurityError' }, 'Certificate not trusted', true],
    ['a database that fails', { answer: 'It is full.' }, 'Cannot save here', true],
    ['no network', { refusal: 'TypeError' }, 'Not started', true],
    ['no answer in time', {}, 'Not started', true],
  ])('[AP15] %s', (_title, here, text, canRetry) => {
    const fault = startFault({ ...good, ...here });
    expect(fault).toMatchObject({ text, canRetry });
    expect(fault.why).not.toBe('');
    expect(fault.remedy).not.toBe('');
  });
});
