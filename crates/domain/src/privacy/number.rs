//! Long numbers and e-mail addresses in a text. Owns which runs of digits count as one number.

/// Runs of digits this long are masked.
const LONG: usize = 7;
/// Digits of a mobile number, of one written in groups.
const MOBILE: usize = 11;

/// Masks long numbers and e-mail addresses. Full-width digits are written plainly first.
pub(super) fn mask(text: &str) -> String {
    let letters: Vec<char> = text.chars().map(plain).collect();
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        if letters[at].is_ascii_digit() {
            let end = number_end(&letters, at);
            push_number(&mut shown, &letters[at..end]);
            at = end;
        } else {
            shown.push(letters[at]);
            at += 1;
        }
    }
    mask_mail(&shown)
}

fn plain(letter: char) -> char {
    match letter {
        '０'..='９' => char::from_u32(letter as u32 - '０' as u32 + u32::from(b'0')).unwrap_or(letter),
        other => other,
    }
}

/// The end of the digits that begin at `from`: with single gaps where the whole looks like a phone or a card in groups, else up to the first gap.
fn number_end(letters: &[char], from: usize) -> usize {
    let run = |from: usize| from + letters[from..].iter().take_while(|letter| letter.is_ascii_digit()).count();
    let (first, mut end) = (run(from), run(from));
    let mut groups = vec![first - from];
    while end + 1 < letters.len() && matches!(letters[end], ' ' | '-' | '·') && letters[end + 1].is_ascii_digit() {
        let next = run(end + 1);
        groups.push(next - end - 1);
        end = next;
    }
    // An identity card may end in X.
    let close =
        |end: usize| if letters.get(end).is_some_and(|letter| matches!(letter, 'x' | 'X')) && end - from == 17 { end + 1 } else { end };
    if grouped(letters[from], &groups) { end } else { close(first) }
}

/// `138-0000-1111`, `86 138 0000 1111`, `0571-88889999`, `400-123-4567`, `6222 0212 3456 7890`; not `2026-11-24 10`.
fn grouped(first: char, groups: &[usize]) -> bool {
    let digits: usize = groups.iter().sum();
    match groups {
        [_] => false,
        [3 | 4, 7 | 8] => first == '0',
        [3, 3, 4] | [3, 4, 3] => true,
        [2, rest @ ..] if digits == MOBILE + 2 && first == '8' => rest.iter().all(|group| *group >= 2),
        all if digits == MOBILE && first == '1' => all.iter().all(|group| *group >= 2),
        all => digits >= 16 && all.iter().all(|group| *group >= 3),
    }
}

fn push_number(shown: &mut String, letters: &[char]) {
    let number: Vec<char> = letters.iter().filter(|letter| letter.is_ascii_alphanumeric()).copied().collect();
    if number.len() < LONG {
        shown.extend(letters);
        return;
    }
    let tail = if number.len() >= MOBILE || number.len() == letters.len() && number.len() >= 10 { 4 } else { 2 };
    shown.extend(&number[..3]);
    shown.push_str("****");
    shown.extend(&number[number.len() - tail..]);
}

/// `li.lei@example.com` → `l***@example.com`
fn mask_mail(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | '+');
        let name: String = rest[..at].chars().rev().take_while(|letter| word(*letter)).collect();
        let host = rest[at + 1..].chars().take_while(|letter| word(*letter)).collect::<String>();
        let (before, name) = rest[..at].split_at(at - name.len());
        shown.push_str(before);
        match name.chars().next() {
            Some(first) if host.contains('.') => {
                shown.push(first);
                shown.push_str("***");
            }
            _ => shown.push_str(name),
        }
        shown.push('@');
        rest = &rest[at + 1..];
    }
    shown.push_str(rest);
    shown
}
