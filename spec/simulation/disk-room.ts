/** Where the servers of runs have their disks. */
import { SCRATCH } from '../../server/testing/scratch.ts';

/** A folder that whoever started this process takes away when it is gone, however it went. */
export const DISK_ROOM = 'OFFING_SIMULATION_DISK';

export const diskRoom = (): string => process.env[DISK_ROOM] ?? SCRATCH;
