// Numbers the nodes of a live document and says what they are, for the fingerprints of its boxes.
() => {
  const MOST = 50000;
  const MOST_TEXT = 1000;
  const ids = (globalThis.isothermNodes = new Map()); // element -> number, for boxes.js
  const nodes = [];
  const stack = [[document, -1]];
  while (stack.length && nodes.length < MOST) {
    const [node, parent] = stack.pop();
    const id = nodes.length;
    const row = { parent, kind: node.nodeType, tag: '', svg: false, text: '', attrs: {} };
    if (node.nodeType === 3) row.text = node.data.slice(0, MOST_TEXT);
    if (node.nodeType === 1) {
      ids.set(node, id);
      row.tag = node.localName;
      row.svg = node.namespaceURI === 'http://www.w3.org/2000/svg';
      for (const { name, value } of node.attributes) row.attrs[name] = value.slice(0, MOST_TEXT);
    }
    nodes.push(row);
    const inside = [...node.childNodes].filter((child) => child.nodeType === 1 || child.nodeType === 3);
    if (node.shadowRoot) inside.unshift(node.shadowRoot);
    for (const child of inside.reverse()) stack.push([child, id]);
  }
  return JSON.stringify(nodes);
}
