import { defineConfig } from "vite";

const api = process.env.CRYO_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/",
  // No data: URIs: the content security policy of the API allows only files of its own.
  build: { target: "es2022", assetsInlineLimit: 0, cssCodeSplit: false, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": { target: api, ws: true } } },
});
