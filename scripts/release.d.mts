/** Everything that is in the way of a release; empty = it may go. */
export declare function troubles(
  manifest: { readonly name: string; readonly version: string; readonly repository: string },
  repository: string,
  published: { readonly home: string; readonly versions: readonly string[] } | undefined,
  tags: readonly string[],
): readonly string[];
