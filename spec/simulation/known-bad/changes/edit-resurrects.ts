import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const editResurrects: KnownBad = {
  name: 'edit-resurrects',
  what: 'An edit of a record that was deleted meanwhile brings it back.',
  promise: 6,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'core/edits.ts',
      from: `  return before.grave ? editUnderGrave(before, wanted, write) : applyEdit(before, wanted, write);
}

/** A concurrent`,
      to: `  const { grave: _, ...living } = before;
  return applyEdit(living, wanted, write);
}

/** A concurrent`,
    },
  ],
};
