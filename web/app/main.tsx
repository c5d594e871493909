/** Starts the app. The address is cleared of a connect token before any other module runs. */
import './connect/arrival.ts';
import { render } from 'preact';
import { App } from './app.tsx';
import { joinAtStart } from './connect/join.ts';
import { readFirstRows } from './items/first-rows.ts';
import { listenForInstall } from './install/install.ts';
import { route } from './router.ts';
import { watchStart } from './start/start.ts';
import { listenForUndo } from './ui/undo-key.ts';
import { listenForFiles } from './transfer/file-drop.ts';
import './styles/index.css';

watchStart();
if (route.current.name === 'list') void readFirstRows(route.current.id);
listenForInstall();
listenForFiles();
listenForUndo();
const root = document.getElementById('app');
if (root) render(<App />, root);
void joinAtStart();
