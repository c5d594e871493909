/** A list of Offing Lists with very many items, written over the protocol as a device would. */
import { generateNKeysBetween } from 'fractional-indexing';
import { Author, uuid } from './author.mjs';
import { openConnection } from './connection.mjs';

const IN_A_PUSH = 500;

/** @param {import('../start-server.mjs').RunningServer} server @param {number} count */
export async function openLongList(server, count) {
  const connection = await openConnection(server.port);
  const headers = { Authorization: `Bearer ${server.token}` };
  const { home } = await (await fetch(`${server.url}/sync/account`, { headers })).json();
  const id = uuid();
  const items = new Author(id);
  const lists = new Author(home);
  /** @param {Author} author @param {readonly string[]} payloads */
  const push = async (author, payloads) =>
    author.hear(await connection.ask(author.push(server.token, payloads)));

  const made = generateNKeysBetween(null, null, count).map((order, i) =>
    put('items', uuid(), { title: `Item ${i}, thirty characters long`, done: false, order }, true),
  );
  for (let at = 0; at < made.length; at += IN_A_PUSH) {
    await push(items, made.slice(at, at + IN_A_PUSH));
  }
  await push(lists, [put('lists', id, { title: 'A long list', order: 'a0' }, true)]);
  return {
    id,
    /** From elsewhere, as another device would. @param {string} item @param {string} title */
    edit: (item, title) => push(items, [put('items', item, { title })]),
  };
}

/** @param {string} collection @param {string} id @param {object} fields @param {boolean} [isNew] */
const put = (collection, id, fields, isNew = false) =>
  JSON.stringify({
    do: [{ kind: 'put', collection, id, ...(isNew ? { new: true } : {}), fields }],
  });
