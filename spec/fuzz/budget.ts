/** How long the fuzz goes on: `OFFING_FUZZ` rounds, from the seed `OFFING_SEED` on. */
const rounds = Number(process.env['OFFING_FUZZ'] ?? 0);
const firstSeed = Number(process.env['OFFING_SEED'] ?? 1);

/** One seed for each world of `each` rounds; `usual` worlds, unless more rounds are asked for. */
export function seedsFor(usual: number, each: number): number[] {
  const count = rounds > 0 ? Math.ceil(rounds / each) : usual;
  return Array.from({ length: count }, (_, i) => firstSeed + i);
}
