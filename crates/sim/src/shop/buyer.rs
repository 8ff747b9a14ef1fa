//! Buyers. Owns invented people: names by chance, phones no network gives out, streets that do not exist.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// A buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// The platform's name for the person.
    pub nick: String,
    /// Name on the parcel.
    pub name: String,
    /// Eleven digits beginning with `100`.
    pub phone: String,
    /// Province, city and an invented street.
    pub address: String,
    /// The city, for texts.
    pub city: String,
    /// Membership level, 0 to 4.
    pub level: u8,
    /// What the person is like: `easy`, `careful`, `hasty`, `bargainer`, `hard`.
    pub habit: String,
}

const SURNAMES: &str = "赵钱孙李周吴郑王冯陈沈韩杨朱秦许何吕张孔曹严金魏姜谢邹苏潘范彭鲁韦马方任袁柳唐薛雷贺倪汤罗郝安乐于傅齐康余顾孟黄萧";
const GIVEN: &str = "子涵雨欣浩然思远佳怡明轩晓彤梓晨一诺若曦文博嘉禾静姝天宇芷若书瑶俊杰可馨沐阳安琪以沫星野知夏南乔清越朝云";
const PLACES: &[(&str, &str)] = &[
    ("浙江省", "杭州市"),
    ("江苏省", "南京市"),
    ("广东省", "佛山市"),
    ("四川省", "成都市"),
    ("湖北省", "武汉市"),
    ("山东省", "青岛市"),
    ("河南省", "郑州市"),
    ("陕西省", "西安市"),
    ("福建省", "厦门市"),
    ("湖南省", "长沙市"),
    ("辽宁省", "大连市"),
    ("云南省", "昆明市"),
    ("新疆维吾尔自治区", "乌鲁木齐市"),
    ("上海市", "上海市"),
    ("北京市", "北京市"),
    ("重庆市", "重庆市"),
];
const STREETS: &[&str] = &["松果路", "半夏街", "鲸落巷", "云朵大道", "青团弄", "拾光里", "橘子胡同", "慢递路", "风车街", "晚霞路"];
const NICKS: &[&str] =
    &["爱吃柚子的猫", "不加糖", "早睡失败", "小鱼干", "山的那边", "月半弯", "今天也困", "芝麻汤圆", "风里有信", "三分甜"];
const HABITS: &[&str] = &["easy", "easy", "easy", "careful", "careful", "hasty", "hasty", "bargainer", "hard"];

fn pick<'a, T>(dice: &mut ChaCha8Rng, from: &'a [T]) -> &'a T {
    &from[dice.random_range(0..from.len())]
}

/// The buyer with this serial number, which makes nick and phone unique.
pub(crate) fn make(dice: &mut ChaCha8Rng, serial: usize) -> Buyer {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let given: Vec<char> = GIVEN.chars().collect();
    let mut name = String::from(*pick(dice, &surnames));
    for _ in 0..dice.random_range(1..=2) {
        name.push(*pick(dice, &given));
    }
    let (province, city) = *pick(dice, PLACES);
    let before = if province == city { String::new() } else { province.to_owned() };
    let (street, house, door) = (pick(dice, STREETS), dice.random_range(1..200), dice.random_range(101..2_505));
    Buyer {
        nick: format!("{}_{serial}", pick(dice, NICKS)),
        name,
        phone: format!("100{serial:08}"),
        address: format!("{before}{city}虚拟区{street}{house}号{}幢{door}室", dice.random_range(1..20)),
        city: city.trim_end_matches('市').to_owned(),
        level: dice.random_range(0..=4),
        habit: (*pick(dice, HABITS)).to_owned(),
    }
}
