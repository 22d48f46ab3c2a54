// What text.palette.ts says, in Simplified Chinese.

import type { NumberText, PaletteText } from './text.palette';

export const chinesePalette: PaletteText = {
  button: '前往页面、元素或功能',
  label: '前往',
  placeholder: '页面、元素、应用或功能…',
  placeholderAway: '页面、应用或功能…',
  none: '没有匹配的内容。',
  searching: '正在查找…',
  onMapsOnly: '元素要在其页面的热图上查找：请先前往该页面。',
  groups: { elements: '此页面上', pages: '页面', screens: '功能', actions: '此热图' },
  show: (map) => `显示${map}`,
  only: (signal) => `仅看：${signal}`,
  everything: '所有点击',
  keys: {
    title: '键盘快捷键',
    open: '前往页面、元素或功能',
    help: '显示这些快捷键',
    maps: '点击图、热门元素、滚动图',
    fit: '适应宽度',
    whole: '查看整个页面',
    refresh: '重新查询',
    back: '返回列表；关闭已打开的内容',
    bars: '在时间柱形上：移动、选择、放大',
    single: '使用单键快捷键',
    singleHelp: '如与语音输入或其他软件冲突，请关闭。',
    spots: '在热图上：读取最热的位置，再用方向键移动（Shift：移动更远）',
    names: { escape: 'Esc', arrows: '← →', everyArrow: '← ↑ ↓ →', enter: '回车' },
  },
};

export const chineseNumber: NumberText = {
  open: '统计口径及相关会话',
  part: (part, all) => `${part} / ${all}`,
  before: (value) => `上一个等长时段：${value}`,
  sessions: '此页面最近的会话',
  rageSessions: '在此愤怒点击的最近会话',
  meaning: {
    clicks: '所选时间范围内、按当前筛选条件统计的此页面点击。',
    rage: '在同一位置快速连续点击所占的比例。',
    time: '一次浏览在此页面上停留的平均时间。',
    end: '访问过此页面且已结束的会话中，最后一次浏览是此页面的比例。',
    errors: '浏览器在此页面上报告的错误。',
  },
};
