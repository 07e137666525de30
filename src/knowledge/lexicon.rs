//! Words looked up at a place in folded text, forwards or backwards; the longest one that fits wins.
//!
//! In:  words with what they stand for, and a position.
//! Out: how long the word there is, and what it stands for.
//!
//! Numbers are found first and words are looked up beside them, so no text is searched for words. The first character picks a
//! bucket from a table, the second a handful of words; most positions are answered by the table alone.

/// A set of words, each with a `T`.
#[derive(Debug)]
pub struct Lexicon<T> {
    words: Vec<(Vec<char>, T)>,
    /// Bucket by first character of the basic plane, from 1; 0 where no word begins so.
    first: Vec<u16>,
    buckets: Vec<Bucket>,
}

/// The words that begin with one character.
#[derive(Debug, Default)]
struct Bucket {
    /// The word that is this character alone.
    alone: Option<usize>,
    /// Longer ones by their second character, the longest first; sorted by that character.
    seconds: Vec<(char, Vec<usize>)>,
}

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
        let mut lexicon = Lexicon { words: Vec::new(), first: vec![0; 0x1_0000], buckets: Vec::new() };
        for (chars, item) in words {
            let Some(key) = chars.first().and_then(|&c| u16::try_from(u32::from(c)).ok()) else { continue };
            let slot = &mut lexicon.first[key as usize];
            if *slot == 0 {
                lexicon.buckets.push(Bucket::default());
                *slot = lexicon.buckets.len() as u16;
            }
            let bucket = &mut lexicon.buckets[*slot as usize - 1];
            let at = lexicon.words.len();
            match chars.get(1) {
                None => bucket.alone = Some(at),
                Some(&second) => {
                    let place = match bucket.seconds.binary_search_by_key(&second, |entry| entry.0) {
                        Ok(place) => place,
                        Err(place) => {
                            bucket.seconds.insert(place, (second, Vec::new()));
                            place
                        }
                    };
                    let list = &mut bucket.seconds[place].1;
                    // Behind the longer ones, before the equal one that it replaces.
                    let rank = list.iter().position(|&other| lexicon.words[other].0.len() <= chars.len()).unwrap_or(list.len());
                    list.insert(rank, at);
                }
            }
            lexicon.words.push((chars, item));
        }
        lexicon
    }

    /// The words that begin with these two characters, the longest first.
    fn beginning(&self, first: char, second: Option<char>) -> impl Iterator<Item = &(Vec<char>, T)> {
        let slot = u16::try_from(u32::from(first)).map_or(0, |key| self.first[key as usize]);
        let bucket = (slot != 0).then(|| &self.buckets[slot as usize - 1]);
        let longer = bucket.zip(second).and_then(|(bucket, second)| {
            bucket.seconds.binary_search_by_key(&second, |entry| entry.0).ok().map(|place| &bucket.seconds[place].1[..])
        });
        longer.unwrap_or_default().iter().copied().chain(bucket.and_then(|bucket| bucket.alone)).map(|at| &self.words[at])
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
