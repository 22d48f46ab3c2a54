// Remarks of the server in Chinese: what is found in one is replaced.

import type { Text } from './text.en';
import { chineseZoneSentences } from './text.zones.zh';

export const chineseNotices: Text['notices'] = [
  [/^Something is wrong in Isotherm itself; its log has the details\.$/, 'Isotherm 内部出错，详情见其日志。'],
  [
    /^Isotherm is away or restarting: what stands in front of it answered (\d+)\. Try again in a moment\.$/,
    'Isotherm 不可用或正在重启：其前面的服务返回了 $1。请稍后重试。',
  ],
  [
    /^Not Isotherm but something in front of it answered \((\d+)\)\. Sign in again, or check the address and the proxy\.$/,
    '应答的不是 Isotherm，而是其前面的服务（$1）。请重新登录，或检查地址和代理。',
  ],
  [/^(The server|Grafana) answered (\d+)\.$/, '服务器返回了状态码 $2。'],
  [/^The page was not ready after (\d+) s\.$/, '页面在 $1 秒内未就绪。'],
  [/^The page was not ready after ([\d.]+) s of processor time( \(\w+\))?\.$/, '页面用了 $1 秒处理器时间仍未就绪$2。'],
  [
    /^Its session had no time left after ([\d.]+) s of processor time( \(\w+\))?\.$/,
    '其会话用完了 $1 秒处理器时间$2。',
  ],
  [/^It takes more than ([\d.]+) s of processor time( \(\w+\))?\.$/, '读取它需要超过 $1 秒的处理器时间$2。'],
  [/^It needs more than (\d+) MB of memory( \(\w+\))?\.$/, '读取它需要超过 $1 MB 内存$2。'],
  [
    /^Its picture takes ([\d,]+) MB of memory, more than the ([\d,]+) MB of (\w+)\.$/,
    '其截图占用 $1 MB 内存，超过 $3 的 $2 MB。',
  ],
  [/^The picture process ended unexpectedly\.$/, '截图进程意外结束。'],
  [/^The process died with signal (\d+) \((.*)\)\.$/, '进程因信号 $1（$2）而终止。'],
  [/^Counts are estimates:.*$/, '数字为估算值：部分会话经过采样，已按权重计算。'],
  [/^Rage clicks without a replay.*$/, '没有回放的愤怒点击每次按三次计算，因此点击数为下限。'],
  [/^Depth says nothing here:.*$/, '此处的滚动深度没有意义：页面在元素内部滚动或完全不滚动，且没有回放。'],
  [/^No view in this scope has a measured.*$/, '此范围内没有测得滚动深度的浏览。'],
  [/^parts of the recording are missing$/, '录像有部分缺失'],
  [/^elements below the page, whose place on it is not known: (\d+)$/, '页面下方的元素：$1 个，其在页面上的位置未知'],
  [/^images as large as the clicks around them say: (\d+)$/, '按周围点击推算尺寸的图片：$1 张'],
  [
    /^InfluxDB cannot be used since (.*): what was written since then is not counted yet\.$/,
    'InfluxDB 自 $1 起无法使用：此后写入的数据尚未计入。',
  ],
  [/^Events are being read from InfluxDB: not all are counted yet\.$/, '正在从 InfluxDB 读取事件：尚未全部计入。'],
  [
    /^Events are being read from InfluxDB: not all are counted yet that happened before (.*)\.$/,
    '正在从 InfluxDB 读取事件：$1 之前的尚未全部计入。',
  ],
  [/^text is masked, so widths may differ$/, '文字已遮盖，宽度可能有出入'],
  [/^(\d+) elements nested too deep were left out$/, '省略了 $1 个嵌套过深的元素'],
  [/^(\d+) costly filters were left out$/, '省略了 $1 个开销过大的滤镜效果'],
  [/^an app shell, pictured with its main scroller opened$/, '应用外壳页面，截图已展开其主滚动区'],
  [/^the page answered with status (\d+)$/, '页面返回了状态码 $1'],
  [/^nothing to click at (.*)$/, '在 $1 处没有可点击的内容'],
  [/^cut at ([\d,]+) px of ([\d,]+) px$/, '截图截取到 $1 px，全页 $2 px'],
  [/^(\d+) requests refused: (.*)$/, '拒绝了 $1 个请求：$2'],
  [
    /^The page may not be captured: (\S+) is not one of the application's sites\.$/,
    '不能截取此页面：$1 不在此应用的站点之中。',
  ],
  [/^The page may not be captured: (\S+) has no address\.$/, '不能截取此页面：找不到主机 $1 的地址。'],
  [
    /^The page may not be captured: (\S+) is at a private address, which is not allowed\.$/,
    '不能截取此页面：$1 位于内网地址，未获允许。',
  ],
  [
    /^No visit of (.*) has a recording yet; capture it from its address instead\.$/,
    '$1 还没有录像；请改为从其地址截取。',
  ],
  [
    /^No recording of this page has a document, or those that do are in quarantine\.$/,
    '此页面的录像都不含文档，或含文档的录像已被隔离。',
  ],
  [/^No address of (.*) is known\.$/, '不知道 $1 的地址。'],
  [/^The picture is damaged or cannot be read\.$/, '截图已损坏或无法读取。'],
  [/^The picture could not be made; the log says why\.$/, '无法生成截图；原因见服务器日志。'],
  ...chineseZoneSentences,
  [/^Taken from a recorded session of the same shop\.$/, '取自同一商店的录制会话。'],
];
