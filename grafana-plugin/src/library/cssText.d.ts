// A style sheet as text, for what is put into the page only when it is needed.
declare module '*.css?text' {
  const text: string;
  export default text;
}
