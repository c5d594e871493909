/** The keys, what "saved" means, and what becomes of what two write at once. */
import { KEY_HELP } from '../items/item-keys.ts';
import { closeSheet } from '../sheets.ts';
import { Sheet } from '../ui/dialog.tsx';

export function HelpSheet() {
  return (
    <Sheet title="Help" onClose={closeSheet}>
      <h3>What “saved” means</h3>
      <p>
        What you write is stored on this device before it counts as done, online or not. On a
        connected device it then goes to the server, and from there to your other devices. The line
        at the top always says how far it has come.
      </p>
      <h3>When two devices write at once</h3>
      <p>
        What they wrote in different places is simply put together. Where both wrote into one title,
        note or link, or one deleted what the other wrote to, nothing is thrown away: the line at
        the top counts it, and you decide when you like. What you do not take is kept in the item’s
        editor.
      </p>
      <h3>Keys</h3>
      <table class="keys">
        <tbody>
          {KEY_HELP.map(([keys, what]) => (
            <tr key={what}>
              <th scope="row">
                <kbd>{keys}</kbd>
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}
