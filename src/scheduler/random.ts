/** Numbers from 0 to below 1, the same ones for the same seed (a 32-bit xorshift after a multiplicative mix). */
export function seededNumbers(seed: number): () => number {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
