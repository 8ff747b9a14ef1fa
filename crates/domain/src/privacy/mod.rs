//! Personal data inside words (个人信息): what of a sentence may be shown to whoever only reads along.
//!
//! Owns the masked form of free text: long numbers, e-mail addresses and Chinese postal addresses. The words themselves stay sealed as they
//! were said, and are shown in full by a reveal on record. Over-masking costs a click, the opposite costs a person's privacy.

mod address;
mod number;

/// The text with phones, cards, e-mail and postal addresses masked: `138****1111`, `杭州市余杭区***`.
pub fn masked(text: &str) -> String {
    address::mask(&number::mask(text))
}

#[cfg(test)]
mod tests {
    use super::masked;
    use proptest::prelude::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(masked(text), expect, "{text}");
    }

    #[test]
    fn numbers() {
        check("电话13800001111别打", "电话138****1111别打");
        check("138-0000-1111 或 138 0000 1111", "138****1111 或 138****1111");
        check("＋８６１３８００００１１１１", "＋861****1111");
        check("座机 0571-88889999", "座机 057****9999");
        check("微信 wx13800001111", "微信 wx138****1111");
        check("身份证 11010519491231002X", "身份证 110****002X");
        check("卡号 6222 0212 3456 7890", "卡号 622****7890");
        check("写到 li.lei@example.com 吧", "写到 l***@example.com 吧");
        check("尾号 6021，2 件，共 1598.00 元", "尾号 6021，2 件，共 1598.00 元");
        check("2026-11-24 10:05 到 11-25 18:00", "2026-11-24 10:05 到 11-25 18:00");
    }

    #[test]
    fn addresses_down_to_the_district() {
        check("浙江省杭州市余杭区文一西路969号3幢201室", "浙江省杭州市余杭区***");
        check("麻烦改到西湖区文一路 9 号，谢谢", "麻烦改到西湖区***，谢谢");
        check("地址：上海市浦东新区张江镇科苑路88号 德国中心2号楼", "地址：上海市浦东新区***");
        check("住在幸福小区12栋3单元501，放门口", "住在***，放门口");
        check("寄到未来路一百二十号", "寄到***");
        check("快递在路上，3号到的", "快递在路上，3号到的");
        check("3号色和5号色都要，2号仓发的", "3号色和5号色都要，2号仓发的");
        check("杭州市余杭区的网点说明天到", "杭州市余杭区的网点说明天到");
        check("我知道了，这条街很吵", "我知道了，这条街很吵");
    }

    proptest! {
        /// Whatever stands around it, no mobile number and no house number of a road comes through, and masking twice changes nothing.
        #[test]
        fn nothing_comes_through(before in "[大衣退，。 a-z]{0,12}", after in "[大衣退，。 a-z]{0,12}", tail in 0..100_000_000u64, house in 100..999u16) {
            let phone = format!("139{tail:08}");
            let text = format!("{before}{phone}{after}。寄到滨江区江南大道{house}号{after}");
            let seen = masked(&text);
            prop_assert!(!seen.contains(&phone), "{}", seen);
            prop_assert!(!seen.contains(&format!("{house}号")), "{}", seen);
            prop_assert_eq!(masked(&seen), seen);
        }
    }
}
