/** Where the servers of runs have their disks: in memory, where the system has such a place. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** A folder that whoever started this process takes away when it is gone, however it went. */
export const DISK_ROOM = 'OFFING_SIMULATION_DISK';

export const diskRoom = (): string =>
  process.env[DISK_ROOM] ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
