// The site's images in a replay: those that the server keeps are written into the events; nothing else is loaded.

import type { Playback } from '../contract/library';

interface Attributes {
  [name: string]: unknown;
}
interface Node {
  attributes?: Attributes;
  childNodes?: Node[];
}
interface Event {
  type: number;
  data: { node?: Node; adds?: Array<{ node: Node }>; attributes?: Array<{ attributes: Attributes }> };
}

/** The attributes that may name an image by its number, and those that show it. */
const SHOWING = { rr_src: 'src', rr_poster: 'poster', rr_href: 'href' } as const;
/** Of what a server sends, only what is an image itself is ever shown. */
const IMAGE = /^data:image\/[a-z0-9.+-]+;base64,/;

/** Write the images into the events of a playback, in place: they may be many megabytes. */
export function showImages({ events, images = [] }: Pick<Playback, 'events' | 'images'>): void {
  const write = (attributes: Attributes, changed = false) => {
    for (const [numbered, showing] of Object.entries(SHOWING)) {
      const number = attributes[numbered];
      const image = typeof number === 'number' ? images[number] : undefined;
      if (image && IMAGE.test(image)) {
        attributes[showing] = image;
        delete attributes[numbered];
      } else if (changed && numbered in attributes && !(showing in attributes)) {
        attributes[showing] = null; // another image was there before
      }
    }
  };
  for (const { data } of events as Event[]) {
    const nodes = [...(data.node ? [data.node] : []), ...(data.adds ?? []).map(({ node }) => node)];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      if (node.attributes) {
        write(node.attributes);
      }
      nodes.push(...(node.childNodes ?? []));
    }
    data.attributes?.forEach(({ attributes }) => write(attributes, true));
  }
}
