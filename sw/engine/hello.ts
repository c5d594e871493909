/** A page says which app it is of: from then on its data is kept, by the newest schema that was said. */
import { configAfter, redrawn, type AppConfig } from '../../core/index.ts';
import { Draft } from './draft.ts';
import { StorageError, type Ports, type ReplicaTx } from './ports.ts';
import { followNamed } from './spaces.ts';

export async function hello(ports: Ports, said: AppConfig): Promise<void> {
  const { config: known, redraw: left = [] } = await ports.session.load();
  const config = configAfter(known, said);
  const redraw = [...new Set([...left, ...redrawn(known, config)])];
  // Remembered until it is done: who is killed in between finds it again.
  await ports.session.save({ config, redraw: redraw.length > 0 ? redraw : undefined });
  if (redraw.length === 0) return;
  try {
    await ports.store.write(async (tx) => {
      await tx.redraw(redraw);
      if (config.registry !== undefined && redraw.includes(config.registry))
        await followAll(ports, tx, config.registry);
    });
    await ports.session.save({ redraw: undefined });
  } catch (error) {
    // The greeting stands: a page that reads what is drawn the old way is better off than one that
    // reads nothing, and the next greeting tries again.
    if (!(error instanceof StorageError)) throw error;
  }
}

/** Of records that came before theirs was the registry nobody has looked which spaces they name. */
async function followAll(ports: Ports, tx: ReplicaTx, registry: string): Promise<void> {
  const meta = await tx.meta();
  if (!meta) return;
  const draft = new Draft(tx);
  const records = await tx.allRecords(meta.home);
  await followNamed(ports, draft, { home: meta.home, registry, records });
  await draft.save();
}
