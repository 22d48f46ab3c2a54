import { showImages } from './images';

const PNG = 'data:image/png;base64,AAAA';

describe('the images of a replay', () => {
  it('are shown where the server keeps them, in whole pages and in changes', () => {
    const image = (attributes: object) => ({ type: 2, tagName: 'img', attributes, childNodes: [] });
    const events = [
      { type: 2, data: { node: { type: 0, childNodes: [image({ rr_src: 0, alt: 'Jacket' }), image({ rr_src: 1 })] } } },
      {
        type: 3,
        data: {
          source: 0,
          adds: [{ node: image({ rr_poster: 0 }) }],
          attributes: [{ id: 1, attributes: { rr_src: 0 } }],
        },
      },
      { type: 3, data: { source: 3, id: 1, x: 0, y: 5 } },
    ];
    showImages({ events, images: [PNG, ''] });
    expect(events[0].data.node?.childNodes.map(({ attributes }) => attributes)).toEqual([
      { src: PNG, alt: 'Jacket' },
      { rr_src: 1 },
    ]);
    expect(events[1].data.adds?.[0].node.attributes).toEqual({ poster: PNG });
    expect(events[1].data.attributes).toEqual([{ id: 1, attributes: { src: PNG } }]);
  });

  it('are taken away where another one follows that is not kept', () => {
    const change = (attributes: object) => ({ type: 3, data: { source: 0, attributes: [{ id: 1, attributes }] } });
    const events = [change({ rr_src: 1 }), change({ rr_src: null, src: PNG }), change({ class: 'a' })];
    showImages({ events, images: [PNG, ''] });
    expect(events.map(({ data }) => data.attributes[0].attributes)).toEqual([
      { rr_src: 1, src: null },
      { rr_src: null, src: PNG },
      { class: 'a' },
    ]);
  });

  it('are nothing that would be loaded, whatever a recording or a server says', () => {
    const attributes = { rr_src: '0', rr_href: 0, rr_poster: 1 };
    showImages({
      events: [{ type: 2, data: { node: { attributes } } }],
      images: ['https://elsewhere.test/a.png', 'data:text/html;base64,AAAA'],
    });
    expect(attributes).toEqual({ rr_src: '0', rr_href: 0, rr_poster: 1 });
  });
});
