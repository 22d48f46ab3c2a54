// What text.zones.ts says, in Simplified Chinese.

import type { ZonesText } from './text.zones';

export const chineseZones: ZonesText = {
  title: '区域',
  none: '区域是页面中一个有名称的部分：一个矩形或一个元素。各项数字按整个区域统计。',
  draw: '绘制区域',
  drawHelp: '在热图上拖动，或以截图像素填写矩形。',
  keep: '保留区域',
  keepElement: '保留为区域',
  kept: (name) => `已保留为区域“${name}”。`,
  show: '查看区域',
  remove: (name) => `移除 ${name}`,
  removed: (name) => `区域“${name}”已移除。`,
  alert: '设置告警',
  alertElsewhere: '如需在其数字变化时收到告警，请在 Grafana 中打开此区域。',
  elsewhere: '它不在当前截图上；数字按绘制时的截图统计。',
  sides: { left: '左', top: '上', width: '宽', height: '高' },
  columns: { name: '名称', clicks: '点击', first: '首次点击', exposed: '看到的访客', rate: '点击率' },
  meaning: {
    first: '在其中的、各次浏览的首次点击',
    exposed: '屏幕到达其中部的访客',
    rate: '看到它的访客中点击过它的比例',
  },
};

/** What the server says of zones. */
export const chineseZoneSentences: Array<[RegExp, string]> = [
  [
    /^(?:A page|An application|\d) has at most (\d+) zones\. Remove one that nobody needs\.$/,
    '区域最多有 $1 个。请移除不需要的区域。',
  ],
  [/^There is no such zone; was it removed\?$/, '没有这个区域，它可能已被移除。'],
  [/^(?:body: )?\w+ must have 1 to (\d+) characters$/, '名称须为 1 至 $1 个字符'],
  [/^(?:body: )?element and background must be keys of this page$/, '元素和截图必须属于此页面'],
  [/^(?:body: )?a rectangle lies between 0 and (\d+) px$/, '矩形须在 0 至 $1 px 之间'],
  [
    /^(?:body: )?a zone is an element, or a rectangle with a width and a height$/,
    '区域须是一个元素，或有宽度和高度的矩形',
  ],
  [/^The server's answer has no list of zones\.$/, '服务器的回答中没有区域列表。'],
];
