//! Places in a text as browsers count them. Owns the way from bytes to UTF-16 units and lines.

use super::Span;

/// The places of one text.
pub(super) struct Places<'t> {
    pub(super) text: &'t str,
    /// UTF-16 units before each byte, and line breaks before it.
    at: Vec<(u32, u32)>,
}

impl<'t> Places<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut at = Vec::with_capacity(text.len() + 1);
        let (mut units, mut lines) = (0, 1);
        for letter in text.chars() {
            at.extend(std::iter::repeat_n((units, lines), letter.len_utf8()));
            units += letter.len_utf16() as u32;
            lines += u32::from(letter == '\n');
        }
        at.push((units, lines));
        Self { text, at }
    }

    /// A range of bytes.
    pub(super) fn span(&self, bytes: std::ops::Range<usize>) -> Span {
        let place = |byte: usize| self.at[byte.min(self.text.len())];
        let ((from, line), (to, last_line)) = (place(bytes.start), place(bytes.end));
        Span { from: from as usize, to: to as usize, line: line as usize, last_line: last_line as usize }
    }

    /// The byte at which the line of this byte starts.
    pub(super) fn line_start(&self, byte: usize) -> usize {
        self.text[..byte].rfind('\n').map_or(0, |at| at + 1)
    }

    /// The byte behind the line break that ends the line of this byte.
    pub(super) fn line_end(&self, byte: usize) -> usize {
        self.text[byte..].find('\n').map_or(self.text.len(), |at| byte + at + 1)
    }
}
