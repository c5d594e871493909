/** A file dragged onto the page is offered for import, instead of the browser opening it. */
import { openSheet } from '../sheets.ts';

const holdsFiles = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes('Files') ?? false;

export function listenForFiles(): void {
  addEventListener('dragover', (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) openSheet({ name: 'import', file });
  });
}
