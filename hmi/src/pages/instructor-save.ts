// The report of an exercise as a file.

export function save(name: string, type: string, content: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const STYLE = [
  "body{font:15px/1.4 sans-serif;margin:2em;max-width:60em}",
  "table{border-collapse:collapse;margin:.6em 0}",
  "td,th{text-align:left;vertical-align:top;padding:.15em .8em .15em 0;border-bottom:1px solid #ccc}",
  "dl{display:flex;flex-wrap:wrap;gap:.4em 2em}",
  "dt{color:#555;font-size:.85em}",
  "dd{margin:0}",
  ".late{font-weight:bold}",
  '.late::after{content:" !"}',
  ".no-print{display:none}",
  "article{break-inside:avoid}",
].join("");

/** The report as a page of its own that needs no server, in the language shown. */
export function asPage(title: string, language: string, body: string): string {
  const safe = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${safe}</title><style>${STYLE}</style><h1>${safe}</h1>${body}</html>`;
}
