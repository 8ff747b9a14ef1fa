//! What the columns and times of a file most likely mean. Owns the guesses; the headers known stand in `data/import_headers.toml`.

use crate::names::names;
use std::collections::BTreeMap;
use std::sync::LazyLock;

names! {
    /// What a column of a purchase file can mean.
    Field {
        OrderNo, "order_no", "订单号";
        Sku, "sku", "商品编码";
        Title, "title", "商品名称";
        Spec, "spec", "规格";
        Quantity, "quantity", "数量";
        UnitPrice, "unit_price", "单价";
        Time, "time", "付款时间";
        Buyer, "buyer", "买家账号";
        BuyerName, "buyer_name", "收货人";
        Phone, "phone", "手机号";
        Address, "address", "收货地址";
        Carrier, "carrier", "快递公司";
        Waybill, "waybill", "快递单号";
    }
}

impl Field {
    /// Whether a purchase cannot be understood without it.
    pub const fn is_needed(self) -> bool {
        matches!(self, Self::OrderNo | Self::Sku | Self::Quantity | Self::UnitPrice | Self::Time)
    }
}

/// Headers by field, the likeliest first.
static HEADERS: LazyLock<BTreeMap<String, Vec<String>>> =
    LazyLock::new(|| toml::from_str(include_str!("../../data/import_headers.toml")).expect("the shipped table is well formed"));

/// How times are written in exports, the likeliest first: strftime's letters.
const TIME_FORMATS: &[&str] = &[
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y%m%d%H%M%S",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
];

/// A header without what exporters put around names: spaces, brackets' content, underscores; in small letters.
fn bare(header: &str) -> String {
    let cut = header.find(['(', '（', '[']).map_or(header, |at| &header[..at]);
    cut.chars().filter(|c| !c.is_whitespace() && *c != '_' && *c != '-').flat_map(char::to_lowercase).collect()
}

/// Which of `headers` is which field; a header serves one field, a field without a likely header is absent.
pub fn columns(headers: &[&str]) -> BTreeMap<Field, usize> {
    let bare: Vec<String> = headers.iter().map(|header| bare(header)).collect();
    let mut taken = vec![false; headers.len()];
    let mut found = BTreeMap::new();
    for field in Field::ALL {
        let known = HEADERS.get(field.as_str()).map(Vec::as_slice).unwrap_or_default();
        let place = known.iter().find_map(|name| (0..bare.len()).find(|at| !taken[*at] && bare[*at] == *name));
        if let Some(at) = place {
            taken[at] = true;
            found.insert(*field, at);
        }
    }
    found
}

/// The first way of writing times in which every sample can be read; nothing when there is none, or no sample.
pub fn time_format(samples: &[&str]) -> Option<&'static str> {
    let fits = |format: &&&str| samples.iter().all(|text| jiff::civil::DateTime::strptime(**format, text.trim()).is_ok());
    if samples.is_empty() { None } else { TIME_FORMATS.iter().find(fits).copied() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_recognised() {
        let check = |headers: &[&str], expect: &[(Field, usize)]| {
            assert_eq!(columns(headers).into_iter().collect::<Vec<_>>(), expect, "{headers:?}");
        };
        let taobao = [
            "订单编号",
            "标题",
            "价格",
            "购买数量",
            "外部系统编号",
            "商品属性",
            "订单付款时间 ",
            "买家会员名",
            "收货人姓名",
            "联系手机",
            "物流单号",
        ];
        check(
            &taobao,
            &[
                (Field::OrderNo, 0),
                (Field::Sku, 4),
                (Field::Title, 1),
                (Field::Spec, 5),
                (Field::Quantity, 3),
                (Field::UnitPrice, 2),
                (Field::Time, 6),
                (Field::Buyer, 7),
                (Field::BuyerName, 8),
                (Field::Phone, 9),
                (Field::Waybill, 10),
            ],
        );
        check(
            &["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"],
            &[
                (Field::OrderNo, 0),
                (Field::Sku, 1),
                (Field::Title, 2),
                (Field::Quantity, 3),
                (Field::UnitPrice, 5),
                (Field::Time, 4),
                (Field::Buyer, 6),
            ],
        );
        check(&["颜色", "备注"], &[]);
        // Both could be it: the likelier counts, the other is nobody's.
        check(&["订单号", "订单编号"], &[(Field::OrderNo, 1)]);
    }

    #[test]
    fn every_known_header_is_bare_and_means_one_field() {
        let mut seen = BTreeMap::new();
        for (field, names) in HEADERS.iter() {
            assert!(Field::parse(field).is_some(), "{field} is no field");
            for name in names {
                assert_eq!(&bare(name), name, "{field}");
                assert_eq!(seen.insert(name, field), None, "{name} means two fields");
            }
        }
    }

    #[test]
    fn times_are_read_as_all_samples_allow() {
        let check = |samples: &[&str], expect: Option<&str>| assert_eq!(time_format(samples), expect, "{samples:?}");
        check(&["2026-11-24 10:00:01"], Some("%Y-%m-%d %H:%M:%S"));
        check(&["2026/11/24 10:00", "2026/1/4 9:05"], Some("%Y/%m/%d %H:%M"));
        check(&["01/12/2010 08:26", "13/12/2010 08:26"], Some("%d/%m/%Y %H:%M"));
        check(&["12/13/2010 08:26"], Some("%m/%d/%Y %H:%M"));
        check(&["20261124100001"], Some("%Y%m%d%H%M%S"));
        check(&["gestern"], None);
        check(&[], None);
    }
}
