// The words of our links in Grafana's own menus. plugin.json has the English ones, too: Grafana lists them from there.

import { spoken } from '../language/language';

const english = {
  open: 'Open in Isotherm',
  openOf: 'The heatmap of what is asked here',
  openAlert: 'The heatmap of what this alert is about',
  openTrace: 'The click that caused this trace',
  preview: 'Preview the heatmap',
  previewOf: 'Where people click, in small',
  connect: 'Connect a site to Isotherm',
  connectOf: 'The snippet for your site, and the first click as it arrives',
};

export const text = spoken<typeof english>({
  en: english,
  'zh-Hans': {
    open: '在 Isotherm 中打开',
    openOf: '此处查询内容的热图',
    openAlert: '此告警所涉内容的热图',
    openTrace: '引发此追踪的点击',
    preview: '预览热图',
    previewOf: '用户点击位置的缩略图',
    connect: '将网站接入 Isotherm',
    connectOf: '适用于您网站的代码片段，以及首次点击到达的实时显示',
  },
});
