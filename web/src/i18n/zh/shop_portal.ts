// Texts of the workbench about the buyer's own page, Chinese.
export const shopPortal = {
  portal_settings: {
    title: '买家自助页',
    note: '买家凭订单号和手机号后四位看进度、报问题、传照片、答复方案。默认关闭。',
    on: '打开自助页',
    marketplace: '也服务{{platform}}的订单',
    marketplace_note: '平台订单的买家点店铺自己的链接，可能被平台当作引导站外交易，请先看平台规则。',
    address: '买家打开的地址',
  },
  portal_reply: { send: '发到自助页' },
}
