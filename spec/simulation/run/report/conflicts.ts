/** Some of the conflicts of a run, each with both of its sides. */
import type { Tally } from '../tally.ts';
import { html, NOTHING, type Html } from './html.ts';

export function conflictList({ samples }: Tally): Html {
  if (samples.length === 0) return NOTHING;
  const rows = samples
    .toSorted((a, b) => a.seed - b.seed)
    .map(
      ({ seed, kind, record, winner, loser }) =>
        html`<tr>
          <td>
            ${kind.replace('-', ' against ')} <small>${record}</small> <small>seed ${seed}</small>
          </td>
          <td>${side(winner)}</td>
          <td>${side(loser)}</td>
        </tr> `,
    );
  return html`<section>
    <h2>Conflicts</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>kind</th>
            <th>what stands</th>
            <th>what is kept beside it</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

const side = (text: string): Html => html`<code>${text}</code>`;
