//! Chinese postal addresses in a text. Owns what looks like one: a road or an estate followed by a number, with the places before it.

/// What a road or an estate ends with; the number follows at once.
const PLACES: &[&str] = &[
    "大道",
    "街道",
    "胡同",
    "小区",
    "花园",
    "公寓",
    "大厦",
    "广场",
    "家园",
    "新村",
    "社区",
    "工业园",
    "开发区",
    "产业园",
    "路",
    "街",
    "巷",
    "弄",
    "苑",
    "村",
    "镇",
    "乡",
    "庄",
];
/// What a number in an address is a number of.
const UNITS: &[&str] = &["号楼", "单元", "号", "弄", "幢", "栋", "座", "室", "楼", "层", "组", "队", "#"];
/// Where a place of the first or second order ends; shown.
const DISTRICTS: &[char] = &['区', '县', '旗'];
const CITIES: &[char] = &['市', '州', '省'];
/// A word before an address, not part of it.
const LEADS: &[char] = &['到', '在', '是', '址', '为', '给', '往', '：', ':', '于', '发', '寄', '送', '我', '改', '去'];
/// How far before the road an address may begin.
const BEFORE: usize = 30;
/// How far after it words still belong to it.
const AFTER: usize = 30;

/// Masks every address, leaving what comes before its district and the district.
pub(super) fn mask(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    let mut at = 0;
    while at < letters.len() {
        match found(&letters, done, at) {
            Some((hide_from, end)) => {
                shown.extend(&letters[done..hide_from]);
                shown.push_str("***");
                (done, at) = (end, end);
            }
            None => at += 1,
        }
    }
    shown.extend(&letters[done..]);
    shown
}

/// The address whose road ends at `at`: where it is hidden from, and its end. Nothing before `done` belongs to it.
fn found(letters: &[char], done: usize, at: usize) -> Option<(usize, usize)> {
    let place = PLACES.iter().find(|place| starts(&letters[at..], place))?;
    let number_from = at + place.chars().count();
    let mut end = numbered(letters, number_from)?;
    while let Some(next) = numbered(letters, end) {
        end = next;
    }
    end = named_after(letters, end);
    let begin = begin(letters, done, at);
    Some((hidden_from(letters, begin, at), end))
}

fn starts(letters: &[char], word: &str) -> bool {
    word.chars().enumerate().all(|(n, letter)| letters.get(n) == Some(&letter))
}

/// The end of a number with its unit that begins at `from`, spaces before and inside it included.
fn numbered(letters: &[char], from: usize) -> Option<usize> {
    let skip = |from: usize| from + letters[from..].iter().take_while(|letter| **letter == ' ').count();
    let start = skip(from);
    let digit = |letter: &&char| {
        letter.is_ascii_alphanumeric() || matches!(**letter, '-' | '—' | '附' | '之') || "一二三四五六七八九十百千零〇".contains(**letter)
    };
    let count = letters[start..].iter().take_while(digit).count();
    let has_number =
        letters[start..start + count].iter().any(|letter| letter.is_ascii_digit() || "一二三四五六七八九十百".contains(*letter));
    if count == 0 || count > 10 || !has_number {
        return None;
    }
    let unit_at = skip(start + count);
    match UNITS.iter().find(|unit| starts(&letters[unit_at..], unit)) {
        Some(unit) => Some(unit_at + unit.chars().count()),
        // `3单元501`: a bare room number closes what came before.
        None if from > 0 && UNITS.iter().any(|unit| ends(&letters[..from], unit)) => Some(start + count),
        None => None,
    }
}

fn ends(letters: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    letters.ends_with(&word)
}

/// Names of buildings right after the number (`德国中心2号楼`) still belong to it, up to the last such word before a pause.
fn named_after(letters: &[char], end: usize) -> usize {
    const BUILDINGS: &[&str] = &[
        "大厦", "中心", "广场", "园区", "小区", "公寓", "大楼", "宿舍", "学校", "医院", "公司", "驿站", "号楼", "单元", "幢", "栋", "室",
        "座",
    ];
    let pause = |letter: &char| "，。！？；,.!?;\n（(".contains(*letter);
    let stop = letters[end..].iter().take(AFTER).position(pause).map_or((end + AFTER).min(letters.len()), |n| end + n);
    let last = |from: usize| BUILDINGS.iter().find(|word| starts(&letters[from..stop], word)).map(|word| from + word.chars().count());
    (end..stop).rev().find_map(last).unwrap_or(end)
}

/// Where the address may begin at most: after the last pause, and not more than some letters back.
fn begin(letters: &[char], done: usize, at: usize) -> usize {
    let from = done.max(at.saturating_sub(BEFORE));
    let pause = |letter: &char| "，。！？；,!?;\n、（(*".contains(*letter);
    letters[from..at].iter().rposition(pause).map_or(from, |n| from + n + 1)
}

/// After the district where one is named, else after the city, else where the words before the road end.
fn hidden_from(letters: &[char], begin: usize, at: usize) -> usize {
    let before = &letters[begin..at];
    let after = |n: usize| begin + n + 1;
    if let Some(n) = before.iter().position(|letter| DISTRICTS.contains(letter)).filter(|n| *n > 0) {
        return after(n);
    }
    if let Some(n) = before.iter().rposition(|letter| CITIES.contains(letter)).filter(|n| *n > 0) {
        return after(n);
    }
    let lead = before.iter().rposition(|letter| LEADS.contains(letter) || letter.is_whitespace());
    lead.map_or_else(|| at.saturating_sub(6).max(begin), after)
}
