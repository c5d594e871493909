export interface Losing<T> {
  readonly mine: T | null;
  readonly theirs: T | null;
  readonly record: Readonly<Record<string, unknown>> | undefined;
}
export type Resolver<T> = {
  bivariance(losing: Losing<T>): 'winner' | 'loser' | { readonly value: T };
}['bivariance'];
