//! Words looked up at a place in folded text, forwards or backwards; the longest one that fits wins.
//!
//! In:  words with what they stand for, and a position.
//! Out: how long the word there is, and what it stands for.
//!
//! Numbers are found first and words are looked up beside them, so no text is searched for words. A filter small enough to stay in
//! the processor's cache says of most positions that no word is there; two characters pick a handful of words at the others.

use foldhash::HashMap;

/// A set of words, each with a `T`.
#[derive(Debug)]
pub struct Lexicon<T> {
    words: Vec<(Vec<char>, T)>,
    /// By their first two characters, the longest first; the second of a word of one character is [`NONE`].
    by_pair: HashMap<(char, char), Vec<usize>>,
    /// The bit of each such pair is set. Pairs share bits: one that is set promises nothing.
    filter: Vec<u64>,
}

/// Stands for no character.
const NONE: char = '\0';

impl<T> Lexicon<T> {
    /// Takes words in any order; of two equal ones the later holds.
    pub fn new(words: impl IntoIterator<Item = (String, T)>) -> Lexicon<T> {
        Lexicon::build(words.into_iter().map(|(word, item)| (word.chars().collect(), item)))
    }

    /// The same for words that end at a position.
    pub fn backwards(words: impl IntoIterator<Item = (String, T)>) -> Lexicon<T> {
        Lexicon::build(words.into_iter().map(|(word, item)| (word.chars().rev().collect(), item)))
    }

    fn build(words: impl Iterator<Item = (Vec<char>, T)>) -> Lexicon<T> {
        let words: Vec<(Vec<char>, T)> = words.filter(|(word, _)| !word.is_empty()).collect();
        let filter = vec![0; (words.len() / 4).next_power_of_two()];
        let mut lexicon = Lexicon { words, by_pair: HashMap::default(), filter };
        for (at, (word, _)) in lexicon.words.iter().enumerate() {
            let (first, second) = (word[0], word.get(1).copied().unwrap_or(NONE));
            let bit = lexicon.bit(first, second);
            lexicon.filter[bit / 64] |= 1 << (bit % 64);
            let list = lexicon.by_pair.entry((first, second)).or_default();
            // Behind the longer ones, before the equal one that it replaces.
            let rank = list.iter().position(|&other| lexicon.words[other].0.len() <= word.len()).unwrap_or(list.len());
            list.insert(rank, at);
        }
        lexicon
    }

    /// The bit of a pair; there are 16 or more for each word.
    fn bit(&self, first: char, second: char) -> usize {
        let pair = u64::from(u32::from(first)) << 32 | u64::from(u32::from(second));
        (pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize & (self.filter.len() * 64 - 1)
    }

    /// The words that begin with these two characters, or are the first alone, the longest first.
    fn beginning(&self, first: char, second: Option<char>) -> impl Iterator<Item = &(Vec<char>, T)> {
        let list = |second| {
            let bit = self.bit(first, second);
            let list = (self.filter[bit / 64] >> (bit % 64) & 1 == 1).then(|| self.by_pair.get(&(first, second)));
            list.flatten().map_or(&[][..], Vec::as_slice)
        };
        second.map_or(&[][..], list).iter().chain(list(NONE)).map(|at| &self.words[*at])
    }

    /// The longest word that begins at `at`: its length and item.
    pub fn at(&self, chars: &[char], at: usize) -> Option<(usize, &T)> {
        let rest = chars.get(at..)?;
        let mut found = self.beginning(*rest.first()?, rest.get(1).copied());
        found.find(|(word, _)| begins(rest.iter(), word)).map(|(word, item)| (word.len(), item))
    }

    /// All words that begin at `at`, the longest first.
    pub fn all_at<'l>(&'l self, chars: &'l [char], at: usize) -> impl Iterator<Item = (usize, &'l T)> {
        let rest = chars.get(at..).unwrap_or(&[]);
        let found = rest.first().map(|&first| self.beginning(first, rest.get(1).copied()));
        found.into_iter().flatten().filter(move |(word, _)| begins(rest.iter(), word)).map(|(word, item)| (word.len(), item))
    }

    /// The longest word that ends before `end`, of a lexicon built [`backwards`](Lexicon::backwards).
    pub fn before(&self, chars: &[char], end: usize) -> Option<(usize, &T)> {
        self.before_where(chars, end, |_| true)
    }

    /// The longest word that ends before `end` and whose item pleases.
    pub fn before_where(&self, chars: &[char], end: usize, pleases: impl Fn(&T) -> bool) -> Option<(usize, &T)> {
        let head = chars.get(..end)?;
        self.beginning(*head.last()?, head.len().checked_sub(2).map(|at| head[at]))
            .find(|(word, item)| begins(head.iter().rev(), word) && pleases(item))
            .map(|(word, item)| (word.len(), item))
    }
}

/// Does a text begin with a word?
fn begins<'t>(mut text: impl Iterator<Item = &'t char>, word: &[char]) -> bool {
    word.iter().all(|c| text.next() == Some(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_wins_in_both_directions() {
        let words = [("低于", 1), ("不低于", 2), ("于", 3)].map(|(word, item)| (word.to_string(), item));
        let text: Vec<char> = "率不低于五成".chars().collect();
        assert_eq!(Lexicon::new(words.clone()).at(&text, 1), Some((3, &2)));
        assert_eq!(Lexicon::new(words.clone()).at(&text, 3), Some((1, &3)));
        assert_eq!(Lexicon::backwards(words).before(&text, 4), Some((3, &2)));
    }

    #[test]
    fn the_later_of_two_equal_words_holds() {
        let words = [("万", 1), ("万元", 2), ("万", 3), ("万元", 4)].map(|(word, item)| (word.to_string(), item));
        let lexicon = Lexicon::new(words);
        assert_eq!(lexicon.at(&['万', '元'], 0), Some((2, &4)));
        assert_eq!(lexicon.at(&['万'], 0), Some((1, &3)));
    }
}
