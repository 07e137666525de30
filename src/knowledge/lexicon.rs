//! Words looked up at a place in folded text, forwards or backwards; the longest one that fits wins.
//!
//! In:  words with what they stand for, and a position.
//! Out: how long the word there is, and what it stands for.
//!
//! Numbers are found first and words are looked up beside them, so no text is searched for words: a table of first characters
//! answers most positions at once.

/// A set of words, each with a `T`.
#[derive(Debug)]
pub struct Lexicon<T> {
    /// Bucket by first character of the basic plane, from 1; 0 where no word begins so.
    first: Vec<u16>,
    buckets: Vec<Vec<(Vec<char>, T)>>,
}

impl<T> Lexicon<T> {
    /// Takes words in any order; of two equal ones the later holds.
    pub fn new(words: impl IntoIterator<Item = (String, T)>) -> Lexicon<T> {
        Lexicon::build(words, false)
    }

    /// The same for words that end at a position.
    pub fn backwards(words: impl IntoIterator<Item = (String, T)>) -> Lexicon<T> {
        Lexicon::build(words, true)
    }

    fn build(words: impl IntoIterator<Item = (String, T)>, reversed: bool) -> Lexicon<T> {
        let mut lexicon = Lexicon { first: vec![0; 0x1_0000], buckets: Vec::new() };
        for (word, item) in words {
            let mut chars: Vec<char> = word.chars().collect();
            if reversed {
                chars.reverse();
            }
            let Some(key) = chars.first().and_then(|&c| u16::try_from(u32::from(c)).ok()) else { continue };
            let slot = &mut lexicon.first[key as usize];
            if *slot == 0 {
                lexicon.buckets.push(Vec::new());
                *slot = lexicon.buckets.len() as u16;
            }
            let bucket = &mut lexicon.buckets[*slot as usize - 1];
            match bucket.iter_mut().find(|entry| entry.0 == chars) {
                Some(entry) => entry.1 = item,
                None => bucket.push((chars, item)),
            }
        }
        for bucket in &mut lexicon.buckets {
            bucket.sort_by_key(|entry| std::cmp::Reverse(entry.0.len()));
        }
        lexicon
    }

    fn bucket(&self, c: char) -> &[(Vec<char>, T)] {
        match u16::try_from(u32::from(c)).map(|key| self.first[key as usize]) {
            Ok(0) | Err(_) => &[],
            Ok(slot) => &self.buckets[slot as usize - 1],
        }
    }

    /// The longest word that begins at `at`: its length and item.
    pub fn at(&self, chars: &[char], at: usize) -> Option<(usize, &T)> {
        let rest = chars.get(at..)?;
        self.bucket(*rest.first()?).iter().find(|(word, _)| begins(rest, word)).map(|(word, item)| (word.len(), item))
    }

    /// All words that begin at `at`, the longest first.
    pub fn all_at<'l>(&'l self, chars: &'l [char], at: usize) -> impl Iterator<Item = (usize, &'l T)> {
        let rest = chars.get(at..).unwrap_or(&[]);
        let bucket = rest.first().map_or(&[][..], |&c| self.bucket(c));
        bucket.iter().filter(move |(word, _)| begins(rest, word)).map(|(word, item)| (word.len(), item))
    }

    /// The longest word that ends before `end`, of a lexicon built [`backwards`](Lexicon::backwards).
    pub fn before(&self, chars: &[char], end: usize) -> Option<(usize, &T)> {
        self.before_where(chars, end, |_| true)
    }

    /// The longest word that ends before `end` and whose item pleases.
    pub fn before_where(&self, chars: &[char], end: usize, pleases: impl Fn(&T) -> bool) -> Option<(usize, &T)> {
        let head = chars.get(..end)?;
        self.bucket(*head.last()?)
            .iter()
            .find(|(word, item)| word.len() <= end && word.iter().zip(head.iter().rev()).all(|(a, b)| a == b) && pleases(item))
            .map(|(word, item)| (word.len(), item))
    }
}

/// Does a text begin with a word? Words of one bucket differ early, so a comparison a character at a time beats one of memory.
fn begins(text: &[char], word: &[char]) -> bool {
    word.len() <= text.len() && word.iter().zip(text).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_wins_in_both_directions() {
        let words = [("低于", 1), ("不低于", 2), ("于", 3)].map(|(word, item)| (word.to_string(), item));
        let text: Vec<char> = "率不低于五成".chars().collect();
        assert_eq!(Lexicon::new(words.clone()).at(&text, 1), Some((3, &2)));
        assert_eq!(Lexicon::backwards(words).before(&text, 4), Some((3, &2)));
    }
}
