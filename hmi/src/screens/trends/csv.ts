// What is on the plot, as a table for a spreadsheet (RFC 4180). Pure. Times are UTC, numbers have a decimal point in every
// language: the file is for machines.

export interface Column {
  name: string;
  values: ArrayLike<number | null | undefined>;
}

/** `times` in seconds since 1970, or in seconds of a session when `relative`. Unknown values are empty cells. */
export function csv(times: ArrayLike<number>, columns: readonly Column[], relative: boolean): string {
  const rows = [[relative ? "t_s" : "time_utc", ...columns.map((c) => c.name)]];
  for (let i = 0; i < times.length; i += 1) {
    const at = times[i] ?? 0;
    const cells = columns.map((c) => c.values[i]).map((v) => (v === null || v === undefined ? "" : String(Math.round(v * 1000) / 1000)));
    rows.push([relative ? String(at) : new Date(1000 * at).toISOString(), ...cells]);
  }
  return rows.map((row) => row.map(quoted).join(",") + "\r\n").join("");
}

/** A cell that a spreadsheet would take for a formula is made a text. */
function quoted(cell: string): string {
  const plain = /^[=+@\t\r]/.test(cell) || (/^-/.test(cell) && !/^-?[\d.]+(e-?\d+)?$/.test(cell)) ? `'${cell}` : cell;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Hands a file to the browser. */
export function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
