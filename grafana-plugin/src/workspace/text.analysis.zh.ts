// What text.analysis.ts says, in Simplified Chinese.

import { names } from '../language/words';
import type { AnalysisText } from './text.analysis';

export const chineseAnalysis: AnalysisText = {
  split: {
    label: '拆分',
    pick: '按字段拆分地图',
    by: (facet) => `按${facet}拆分`,
    remove: '恢复为一张地图',
    maps: (facet) => `每个${facet}一张地图`,
    one: (facet, value) => `${facet} ${value || '“”'}`,
    shares: (unit) => `颜色表示占各自地图${unit}的比例，因此小群体也能与大群体比较。`,
    shown: (shown, all) => `显示 ${all} 个值中访问最多的 ${shown} 个。`,
    none: (facet) => `此范围内没有带${facet}的浏览。`,
    scale: (share) => `最热的颜色表示占该地图点击的 ${share}`,
    period: '时段',
    withBefore: '与上一时段比较',
    now: '本时段',
    before: '上一时段',
    difference: '差异',
    more: '第一组更多',
    less: '第二组更多',
    points: (n) => `${n} 点`,
    list: '占各组点击的比例；差异最大的元素排在前面。',
    listOfTwo: '占各组点击的比例。粗体：超出偶然波动（20 次中有 19 次）。',
    clearHelp: '百分点，第一组减第二组',
    asking: '正在汇总各组的点击…',
  },

  bars: {
    help: '在柱形上拖动可放大。键盘：方向键移动，Shift 加方向键选择，回车放大。',
    label: '点击随时间变化',
    at: (when, clicks) => `${when}：${clicks}`,
    since: names({ rage: '首次愤怒点击：', dead: '首次无响应点击：', error: '首次出错的点击：' }),
    before: '早于此时间范围',
    release: (version) => `${version} 的首次访问`,
  },

  release: {
    title: (version) => `${version} 前后对比`,
    choose: '版本',
    when: (time) => `首次出现于 ${time}`,
    little: '此时间范围内，该版本之前或之后没有浏览。',
  },

  conversion: {
    title: '转化',
    choose: '选择目标',
    chooseOther: '其他目标',
    remove: '移除目标',
    search: '搜索页面和操作',
    pages: '页面',
    actions: '操作',
    none: '没有匹配项。',
    lead: '在有此操作的会话中，有多少随后到达了您选择的页面或操作？',
    step: (sessions) => `${sessions} 个会话有此操作`,
    reached: (sessions, share) => `${sessions} 个到达目标，${share}`,
    time: (time) => `中位用时 ${time}`,
    toGoal: (label) => `将 ${label} 设为目标`,
  },

  reached: {
    past: (depth) => `滚动超过 ${depth} px 的浏览`,
    still: '从未滚动的浏览',
    counted: (views, _n, sessions) => `${sessions} 个会话中的 ${views} 次浏览；最近的是：`,
    insight: (share, of) => `${share} 的浏览超过了页面的 ${of}。`,
    open: '显示这些浏览',
    back: '返回洞察',
  },

  download: {
    label: '下载',
    picture: '地图图片 (PNG)',
    list: '列表表格 (CSV)',
    failed: '无法生成下载文件。',
    making: '正在准备下载…',
    heat: (unit) => `热度：${unit}`,
    scroll: '到达此处的浏览比例',
    columns: {
      rank: '排名',
      name: '操作',
      element: '元素',
      clicks: '点击',
      share: '占比',
      users: '用户',
      sessions: '会话',
      rage: '愤怒点击',
      dead: '无响应点击',
      error: '错误点击',
      reaction: '中位响应毫秒',
      visible: '在背景上可见',
      depth: '深度 px',
      views: '浏览',
    },
  },

  stopped: {
    title: '您已停止此查询。',
    again: '重新查询',
  },
  slow: {
    stats: '正在统计此页面的访问…',
    action: '正在分析此操作…',
    sessions: '正在查找最近的会话…',
  },

  few: (views) => `点击较少：大约还需要 ${views} 次浏览，占比才能精确到 ±5 个百分点。`,
  noUsersHere: '网站未设置用户，因此无法区分访问者。调用其 SDK 的 setUser 函数即可填充用户列。',

  applications: {
    top: (application) => `${application} 访问最多的页面`,
    all: '所有页面',
    back: '其他应用',
    none: '此时间范围内没有页面被访问。',
  },

  causes: {
    checked: { likely: '可能的原因', ruledOut: '已检查：不是此原因', unknown: '此处无法检查' },
    filters: '筛选、信号或窗口宽度没有留下任何数据',
    filtersFound: (n) => `去掉后有 ${n}`,
    range: '此时间范围内没有数据',
    rangeFound: (n) => `全部时间内有 ${n}`,
    page: '该页面使用了别的名称：请在页面列表中查找',
    arriving: '没有数据到达此服务器：请检查 SDK 设置中的地址',
    arrivingFound: (when) => `最后一个事件到达于 ${when}`,
    actions: '未启用 RUM 操作：请设置 trackUserInteractions: true',
    actionsFound: (views) => `有 ${views}，但没有任何操作`,
    sdk: 'SDK 版本过旧：点击图需要 Datadog 浏览器 SDK 4.20.0 或更新版本，滚动图需要 4.50.0',
    changed: '页面最近变化很大：请选择更新的背景',
    changedFound: (share) => `${share} 的点击位于此画面中没有的元素上`,
    recording: '会话未录制：请在 SDK 中开启（startSessionReplayRecording）',
    recordingFound: (recorded, views) => `${views} 中有 ${recorded} 带回放`,
    waiting: '画面仍在绘制：需要几分钟',
    chromium: '画面由服务器上的 Chromium 绘制，但它不可用：请查看健康状况页',
    health: '收到了什么，缺少什么',
  },
};
