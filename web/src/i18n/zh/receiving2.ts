// Chinese texts of scanning: what is heard twice, unfinished, or cannot be sent.
export const receiving2 = {
  again: '{{waybill}} 刚扫过：就是手上这一件，没有重复登记',
  unfinished: '手上这件还没完成质检。先按 Enter 完成，再扫 {{waybill}}',
  kept: '没有网络：{{waybill}} 已记在本机，恢复后自动上传，不会重复登记',
  full: '本机已存满 {{most}} 件，{{waybill}} 没有记下。请先停一停，等网络恢复',
  offline: '离线：{{count}} 件待上传（最多 {{most}} 件）。这里只存单号，恢复后自动上传',
  next: '已放无主件货架，扫下一件',
  seen: '已扫 {{count}} 件',
  over: '扫到 {{count}} 件，登记的只有 {{due}} 件，请清点',
}
