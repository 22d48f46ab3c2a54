// What text.zones.ts says, in Simplified Chinese.

import type { ZonesText } from './text.zones';

export const chineseZones: ZonesText = {
  title: '区域',
  none: '区域是页面中一个有名称的部分：一个矩形或一个元素。各项数字按整个区域统计。',
  draw: '绘制区域',
  drawHelp: '在地图上拖动，或以截图像素填写矩形。',
  keep: '保留区域',
  keepElement: '保留为区域',
  kept: (name) => `已保留为区域“${name}”。`,
  remove: (name) => `移除 ${name}`,
  alert: '设置告警',
  elsewhere: '它不在当前截图上；数字按绘制时的截图统计。',
  sides: { left: '左', top: '上', width: '宽', height: '高' },
  columns: { name: '名称', clicks: '点击', first: '首次点击', exposed: '看到的访客', rate: '点击率' },
  meaning: {
    first: '在其中的、各次浏览的首次点击',
    exposed: '屏幕到达其中部的访客',
    rate: '看到它的访客中点击过它的比例',
  },
};
