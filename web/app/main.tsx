/** Starts the app. The address is cleared of a connect token before any other module runs. */
import './connect/arrival.ts';
import { render } from 'preact';
import { App } from './app.tsx';
import { joinAtStart } from './connect/join.ts';
import { db } from './db.ts';
import { listenForInstall } from './install/install.ts';
import { toast } from './ui/toasts.tsx';
import { listenForUndo } from './ui/undo-key.ts';
import { listenForFiles } from './transfer/file-drop.ts';
import './styles/index.css';

listenForInstall();
listenForFiles();
listenForUndo();
const root = document.getElementById('app');
if (root) render(<App />, root);
void joinAtStart();
db.ready.catch((error: unknown) => {
  const why = error instanceof Error ? error.message : String(error);
  toast({ text: `This app cannot save here. ${why}`, tone: 'alert', about: 'start', ms: null });
});
