// The words of our links in Grafana's own menus. plugin.json repeats them (Grafana lists links from there); a test
// compares the two.

export const english = {
  open: 'Open in Isotherm',
  openOf: 'Heatmap for this query',
  openAlert: 'Heatmap for this alert',
  openTrace: 'The click that caused this trace',
  preview: 'Preview the heatmap',
  previewOf: 'A small map of where people click',
  connect: 'Connect a site to Isotherm',
  connectOf: 'The snippet for your site, and its first click as it arrives',
};

export type ExtensionText = typeof english;
