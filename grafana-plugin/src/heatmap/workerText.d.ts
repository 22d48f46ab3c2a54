// Bundled by workerText.mjs, in both builds.
declare module '*?worker' {
  const text: string;
  export default text;
}
