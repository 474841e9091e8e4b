/** The word that was probably meant: the same but for case and signs, or at most two letters away. */
export function closest(word: string, words: readonly string[]): string | undefined {
  const scored = words.map((it) => ({ it, far: bare(it) === bare(word) ? 0 : distance(it, word) }));
  scored.sort((left, right) => left.far - right.far);
  return scored.find(({ it, far }) => far <= Math.min(2, it.length / 2))?.it;
}

function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** How many letters must be put in, left out, changed or swapped with their neighbour. */
function distance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, at) => at)];
  const cell = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= right.length; j++) {
      const changed = left[i - 1] === right[j - 1] ? 0 : 1;
      const swap = left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1] ? cell(i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + changed, swap));
    }
  }
  return cell(left.length, right.length);
}
