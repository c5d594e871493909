/** What `offing --help` prints, and in parts `offing COMMAND --help`. */
export const HELP = `offing: the durable counterpart of the sync server in your service worker

  offing serve [--data DIR] [--port N] [--host H] [--cert FILE --key FILE]
               [--snapshot-every N] [--retention-days N] [--metrics PORT] [--log text|json]
               [--link] [--qr]
      Serves the app and the sync protocol until SIGINT or SIGTERM.
      --host   Default 127.0.0.1: this machine alone. 0.0.0.0 lets the network in; a browser
               elsewhere needs https to run the service worker (--cert and --key, or a proxy).
      --cert, --key   A certificate in PEM, its chain behind it, and its key: serves https.
               The link then has an address of this machine that the certificate names.
      --snapshot-every N   Makes a snapshot of a space when its log has grown by N ops (a large one
               by a tenth), and sooner where the new ops are more than the state itself.
               Default 1000; 0: none.
      --retention-days N   How long deletions and settled conflicts are remembered, and devices that
               are away are waited for, in days that a server runs; then the log before them goes.
               Default: OFFING_RETENTION_DAYS, or 90. 0: for ever.
      --metrics PORT   Answers /metrics for Prometheus on a port of its own, for this machine alone.
      --log json   Prints a line of JSON on standard error for each request and each fault: route,
               status and time, no ids and no contents. Default text: faults alone.
      --link   Prints a link that connects a device, and on a terminal its QR code too. The link
               is for the first user, made if there is none. An unused one ends at the next start.
      --qr     Prints the QR code even where standard output is no terminal.

  offing token create --user NAME [--space ID] [--read-only] [--label TEXT] [--data DIR]
      Prints a new token, alone, on standard output. The user is made if there is none of that name.
      --space      The token reaches this space and no other.
      --read-only  The token never writes.
  offing token list [--data DIR]
  offing token revoke ID [--data DIR]
      The token commands work beside a running server, and count there at once.

  offing conformance URL --token T [--token2 T] [--read-only T] [--revoked T] [--one-space T]
      Holds any server against docs/protocol-spec.md, over HTTP alone: a line for each check, and
      exit code 1 if one does not hold. It makes spaces of its own, in the account of --token.
      --token2     A token of another account.  --read-only  One that never writes.
      --revoked    One that was revoked.        --one-space  One that reaches a single space.
      What lacks its token is not run, and said to be.

  offing backup TO [--keep N] [--data DIR]
      Writes a whole and checked copy of the database, beside a running server or without one, and
      its SHA-256 beside that; prints its name. TO is a new file, or a folder, in which the copy is
      named by the time.
      --keep N     In a folder: the newest N stay, and older ones are deleted.

  offing restore FROM [--data DIR]
      Puts a backup, or the newest in a folder, in the place of the database, with a new epoch in
      each log, so that devices which know more than the backup notice, and send theirs again. What
      was there is kept beside it, in a folder replaced-…; to undo it, restore that. No server may be
      serving the directory.

  offing epoch new [--space ID] [--data DIR]
      After the database was put back by other means than offing restore: begins a new epoch in the log of each space, so
      that devices which know more than the backup notice, and send theirs again. No server may be
      serving the directory.

  offing doctor [FILE] [--data DIR]
      Goes through the whole database, beside a running server or without one: each page, each
      reference, each log from its beginning to its head, each snapshot against what its log folds
      to, and what rows without a checksum say of each other. Exit code 1 if anything is wrong.
      FILE is a backup, a folder of them (the newest), or an archive: goes through that instead.

  offing history SPACE COLLECTION ID [--json] [--data DIR]
      Prints what the log has of one record, oldest first: who changed what, and when. Within what
      is kept of the log.

  offing stats [--json] [--retention-days N] [--data DIR]
      Prints of each space whose it is, what its log comes to, its newest snapshot, and what or who
      keeps the log from getting shorter; and what the database takes.

  offing compact [--space ID] [--dry-run] [--retention-days N [--shorter]] [--data DIR]
      Does now what a server does by itself as its logs grow old: drops what may go, and removes it
      from the log. Works beside a running server. --dry-run says what would go.
      --retention-days N   Default, here and for stats: what the server here was last started with.
      --shorter    N may be less than that: what goes is gone.

  offing export SPACE --sqlite FILE [--data DIR]
      Writes the present state of a space to a plain SQLite file, beside a running server or without
      one: a table for each collection, a column for each field, and _deleted, _conflicts, _space.

  offing export --all FILE [--data DIR]
      Writes everything that the server knows to one file, an archive, beside a running server or
      without one: accounts, tokens (their hashes), spaces and who may reach them, and each log. They
      are lines of JSON; FILE is compressed if its name ends in .gz.

  offing import FILE [--data DIR]
      Makes a server's database from an archive, in a directory that is empty or not there, with a new
      epoch in each log. Devices go on with the tokens they have, and send again what they wrote after
      the archive was made. A file that is not whole is refused, and nothing of it imported.

  offing --help, offing COMMAND --help, offing --version

  --data DIR   Where the database is. Default: OFFING_DATA, or ./data
  --port N     Default: PORT, or 8787. 0 takes any free port.
`;

/** What is said of one command; of all where it is none. */
export function helpOf(command: string): string {
  const parts = HELP.split(/\n\n(?= {2}offing )/).filter((each) =>
    each.startsWith(`  offing ${command} `),
  );
  return parts.length > 0 ? parts.join('\n\n') : HELP;
}
