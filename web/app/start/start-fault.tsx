/** In the place of the lists: why there are none to be had here, and what to do. */
import { WarningIcon } from '../ui/icons.tsx';
import type { StartFault } from './cannot-start.ts';

export function StartFaultNote({ fault }: { fault: StartFault }) {
  return (
    <div class="start-fault" role="alert" data-testid="start-fault">
      <WarningIcon />
      <h2>Offing Lists cannot start here</h2>
      <p>{fault.why}</p>
      <p>
        <strong>{fault.remedy}</strong>
      </p>
      <button type="button" class="button is-primary" onClick={() => location.reload()}>
        Try again
      </button>
    </div>
  );
}
