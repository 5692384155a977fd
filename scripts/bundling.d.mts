/** How everything of ours is bundled, for what the tests build for themselves. */
export const bundling: {
  readonly define: { readonly [name: string]: string };
  readonly inject: string[];
};
