// The sentences about the sites of an application and what pictures lack. Chinese is in text.sites.zh.ts.

import { names, plural } from '../language/words';

export const sites = {
  title: 'Sites',
  lead: 'Pictures of an application only use images, fonts and style sheets from its sites.',
  all: 'All sites of this application',
  connected: 'Connected sites',
  nothing: 'Connect a site first: its application appears here with the first event.',
  none: 'No site is connected yet: pictures have grey boxes instead of images, and different fonts.',
  columns: { site: 'Site', reach: 'Addresses', origin: 'Set by' },
  reach: { public: 'Public only', private: 'Private, too' },
  origin: { saved: 'People, here', file: 'The file of sites', settings: 'The server’s settings' },
  add: 'Allow a site',
  addHelp: 'A host, host:port or origin; *.example.com includes all subdomains.',
  submit: 'Allow',
  remove: 'Remove',
  removeOf: (site: string) => `Remove ${site}`,
  removed: (site: string) => `${site} is no longer allowed. Existing pictures stay as they are.`,
  suggested: 'Would help',
  suggestedLead: 'Named by the application’s views and recordings. Allow only hosts that you know.',
  own: (views: string) => `its own address, ${views}`,
  gives: (n: string, count: number) => plural(count, `${n} missing file`, `${n} missing files`),
  isPrivate: 'at a private address',
  allow: (site: string) => `Allow ${site}`,
  allowPrivate: (site: string) => `Allow the private address of ${site}`,
  askEditor: (site: string) => `An editor can allow ${site}.`,
  askAdmin: (site: string) => `An admin can allow the private address of ${site}.`,
  allowed: (site: string, n: string, count: number) =>
    count === 0
      ? `${site} is allowed.`
      : `${site} is allowed. ${plural(count, 'A picture is', `${n} pictures are`)} being made again.`,
  missingName: 'What this picture lacks',
  missingLead: 'The page asked for more than this picture has.',
  missing: {
    file: (n: string, count: number) => plural(count, `${n} file missing`, `${n} files missing`),
    image: (n: string, count: number) => plural(count, `${n} image missing`, `${n} images missing`),
    font: (n: string, count: number) => plural(count, `${n} font missing`, `${n} fonts missing`),
    stylesheet: (n: string, count: number) => plural(count, `${n} style sheet missing`, `${n} style sheets missing`),
    page: (n: string, count: number) => plural(count, `${n} host refused`, `${n} hosts refused`),
  },
  more: (n: string) => `and ${n} more`,
  why: names({
    not_allowed: 'site not allowed',
    private: 'private address',
    refused: 'address refused',
    unreachable: 'no answer',
    status: 'answered with an error',
    wrong_type: 'not of this type',
    too_large: 'too large',
    too_many: 'too many',
  }),
};

export type SitesText = typeof sites;
