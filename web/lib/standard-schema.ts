/**
 * The interface that validation libraries share (standardschema.dev, version 1), as much of it as is
 * used here: a schema of Zod, Valibot, ArkType or your own fits.
 */
export interface StandardSchema<T = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
    /** For the compiler alone. */
    readonly types?: { readonly input: T; readonly output: unknown } | undefined;
  };
}

export interface StandardResult {
  readonly issues?: readonly StandardIssue[] | undefined;
}

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
