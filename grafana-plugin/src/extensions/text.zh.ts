// The words of our links in Grafana's own menus, in Chinese.

import type { ExtensionText } from './text.en';

export const chinese: ExtensionText = {
  open: '在 Isotherm 中打开',
  openOf: '此处查询内容的热图',
  openAlert: '此告警所涉内容的热图',
  openTrace: '引发此追踪的点击',
  preview: '预览热图',
  previewOf: '用户点击位置的缩略图',
  connect: '将网站接入 Isotherm',
  connectOf: '适用于您网站的代码片段，以及首次点击到达的实时显示',
};
