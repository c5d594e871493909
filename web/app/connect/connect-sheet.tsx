/** Connects this device by a link or token; on a connected one, shows how another one joins. */
import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { db } from '../db.ts';
import { closeSheet } from '../sheets.ts';
import { copyText } from '../ui/copy-text.ts';
import { Sheet } from '../ui/dialog.tsx';
import { useObserved } from '../ui/store.ts';
import { linkWith, readLink } from './connect-link.ts';
import { connection, join, tokenToShare } from './join.ts';
import { QrCode } from './qr-code.tsx';

export function ConnectSheet() {
  // As it was when the sheet was opened: joining closes it, and shows nothing else on the way.
  const [{ account, phase }] = useState(db.status.current);
  const isConnected = account !== null && phase !== 'needs-auth';
  return isConnected ? <AddDevice name={account.name} /> : <ConnectThis />;
}

function ConnectThis() {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const joining = useObserved(connection);
  const connect = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const link = readLink(text, location.origin);
    if (link.kind === 'unreadable') {
      setFault(
        'This is neither a connect link nor a token. Copy the whole line that the server printed.',
      );
    } else if (link.kind === 'elsewhere') {
      setFault(
        `This link belongs to ${link.origin}. Open it in the browser to use the app from there.`,
      );
    } else {
      setFault(null);
      if (await join(link.token)) closeSheet();
    }
  };
  const failure = fault ?? (joining.state === 'failed' ? `Not connected: ${joining.why}` : null);
  return (
    <Sheet title="Connect this device" onClose={closeSheet}>
      <p>
        Paste the link that the server printed when it started, or one from{' '}
        <code>offing token create</code>. What you wrote here before goes with you.
      </p>
      <form class="stack" onSubmit={(event) => void connect(event)}>
        <label class="field">
          <span>Connect link or token</span>
          <input
            class="add-input"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            aria-invalid={failure !== null}
            aria-describedby="connect-fault"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <p id="connect-fault" class="fault" role="alert">
          {failure}
        </p>
        <div class="buttons">
          <button class="button is-primary" disabled={joining.state === 'joining'}>
            {joining.state === 'joining' ? 'Connecting…' : 'Connect'}
          </button>
        </div>
      </form>
    </Sheet>
  );
}

function AddDevice({ name }: { name: string }) {
  const token = tokenToShare();
  return (
    <Sheet title="Add another device" onClose={closeSheet}>
      {token === null ? (
        <MakeLink name={name} />
      ) : (
        <ShareLink link={linkWith(location.origin, token)} />
      )}
    </Sheet>
  );
}

function MakeLink({ name }: { name: string }) {
  const command = `offing token create --user ${/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)}`;
  return (
    <>
      <p>On the computer that runs the server, make a token:</p>
      <pre class="command">
        <code>{command}</code>
      </pre>
      <p>
        Then open <code>{location.origin}/#connect=</code> followed by the token on the other
        device, or paste the token there under “Connect this device”.
      </p>
    </>
  );
}

function ShareLink({ link }: { link: string }) {
  return (
    <>
      <p>
        Scan this with the other device. Whoever has the link can read and change these lists; it is
        shown until this page is closed.
      </p>
      <QrCode text={link} label="QR code of the connect link" />
      <div class="buttons">
        <button type="button" class="button" onClick={() => void copyText(link, 'Link copied.')}>
          Copy link
        </button>
      </div>
    </>
  );
}
