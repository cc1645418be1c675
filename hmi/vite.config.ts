import { defineConfig, type Plugin } from "vite";

const api = process.env.CRYO_API ?? "http://127.0.0.1:8000";

/** The panel's own chunks and its font are asked for with the page, not when the first script has found out about them. */
function early(): Plugin {
  return {
    name: "early",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((f) => f.type === "chunk");
        const panel = chunks.find((c) => c.isDynamicEntry && c.name === "panel");
        if (panel === undefined) return html; // the development server
        const files = [panel.fileName, ...panel.imports].filter((file) => !html.includes(file));
        const font = Object.keys(bundle ?? {}).find((file) => /inter-latin-wght.*\.woff2$/.test(file));
        const tags = files.map((file) => ({ tag: "link", attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}` }, injectTo: "head" as const }));
        if (font === undefined) throw new Error("the panel's font is not in the bundle");
        return [...tags, { tag: "link", attrs: { rel: "preload", as: "font", type: "font/woff2", crossorigin: true, href: `/${font}` }, injectTo: "head" as const }];
      },
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [early()],
  // No data: URIs: the content security policy of the API allows only files of its own.
  build: { target: "es2022", assetsInlineLimit: 0, cssCodeSplit: false, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": { target: api, ws: true } } },
});
