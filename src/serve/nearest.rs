//! The known name nearest to a mistyped one.

/// The nearest of some names, if any is near enough to be meant.
///
/// ```
/// let views = ["flat_facts", "flat_figures", "province_facts"];
/// assert_eq!(reportsql::serve::nearest::nearest("flat_fact", views), Some("flat_facts"));
/// assert_eq!(reportsql::serve::nearest::nearest("companies", views), None);
/// ```
pub fn nearest<T: AsRef<str>>(typed: &str, names: impl IntoIterator<Item = T>) -> Option<T> {
    let typed: Vec<char> = typed.to_lowercase().chars().collect();
    let bar = (typed.len() / 3).max(1);
    names
        .into_iter()
        .map(|name| (distance(&typed, &name.as_ref().to_lowercase().chars().collect::<Vec<_>>()), name))
        .filter(|(distance, _)| *distance <= bar)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many characters must be put in, taken out or changed to make one of the other.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, left) in from.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, right) in to.iter().enumerate() {
            let changed = diagonal + usize::from(left != right);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}
