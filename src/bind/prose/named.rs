//! Binds a number whose name stands before it.
//!
//! In:  a number and what stands around it.
//! Out: the name, with what stands behind the number and belongs to it; nothing where no name stands before.

use super::subject::Number;
use super::{Reader, Said};
use crate::bind::label::{self, Name};
use crate::knowledge::cues::Cue;
use crate::model::UnitRole;

impl Reader<'_> {
    /// A number behind its name.
    pub(super) fn named(&self, number: &Number<'_>) -> Option<Said> {
        if !number.is_named {
            return None;
        }
        let name = self.qualified(self.tail(&number.name, 26), number.start, number.sentence);
        // 用户净增40万户，总量达到800万户
        let total = self.cues().is(Cue::Sumtotal, &label::text(self.chars, &name));
        if let Some(topic) = self.topic_here().filter(|topic| total && topic.unit == number.quantity.unit) {
            let metric = format!("{}{}", topic.metric, self.written(&name));
            return Some(self.level(number.quantity, metric, "topic", number.whole.clone()));
        }
        if let Some(metric) = self.twin(&name, number.start) {
            return Some(self.level(number.quantity, metric, "twin", number.whole.clone()));
        }
        let said = self.reached(number, &name).or_else(|| self.share_behind(number, &name));
        said.or_else(|| Some(self.called(number, &self.name_around(number, name), "subject")))
    }

    /// 培训覆盖全体董事和98.7%的员工: the noun is the whole, of which so much is reached.
    fn reached(&self, number: &Number<'_>, name: &[usize]) -> Option<Said> {
        if number.quantity.unit != "%" {
            return None;
        }
        let of = self.of_noun(number.end, number.clause_end);
        let (from, length) = self.cues().find(Cue::Reach, &label::text(self.chars, name)).filter(|(from, _)| *from >= 2)?;
        if of.len() < 2 {
            return None;
        }
        let object = self.written(&of);
        let metric = format!("{}{object}", self.written(&name[..from + length]));
        Some(self.level(number.quantity, metric, "reached", Some(object)))
    }

    /// A share whose name is its whole; the part stands behind it.
    fn share_behind(&self, number: &Number<'_>, name: &[usize]) -> Option<Said> {
        if number.quantity.unit != "%" {
            return None;
        }
        // 受访员工中92%表示满意
        let among = name.len() >= 3 && self.chars[name[name.len() - 1]] == '中';
        let does = if among { self.phrase(number.end, number.clause_end) } else { Name::new() };
        let (whole, part) = if does.len() >= 2 {
            (&name[..name.len() - 1], does)
        } else if number.whole.is_none() && self.noun_ends(number, 2) && !self.of_follows(number) {
            // 新建物联网100%虚拟化
            (name, number.behind.clone())
        } else {
            return None;
        };
        let metric: Name = whole.iter().copied().chain(part).collect();
        Some(self.level(number.quantity, self.written(&metric), "subject", Some(self.written(whole))))
    }

    /// A name and what stands behind the number and belongs to it.
    fn name_around(&self, number: &Number<'_>, mut name: Name) -> Name {
        let quantity = number.quantity;
        let measure = quantity.unit_role == UnitRole::Measure && quantity.unit != "%";
        let purpose = || self.cues().at(Cue::Purpose, &label::text(self.chars, &number.behind), 0).is_some();
        // 机房间2-5毫秒时延: a short noun behind a measure belongs to the name.
        if measure && self.noun_ends(number, 1) && !purpose() {
            name.extend(&number.behind);
            return name;
        }
        let of = self.of_noun(number.end, number.clause_end);
        if measure && of.len() >= 4 {
            // 连续6个月的月费优惠: what lasts that long.
            return of;
        }
        if quantity.unit == "%" && (2..=4).contains(&of.len()) {
            // 法定1%之要求
            name.extend(&of);
        } else if quantity.is_duration() {
            // 报修36小时内首次上门
            let phrase = self.phrase(number.end, number.clause_end);
            if (2..=8).contains(&phrase.len()) && self.ends_there(phrase[phrase.len() - 1] + 1) && phrase[0] == number.end {
                name.extend(&phrase);
            }
        }
        name
    }

    /// Does a noun of at least so many characters, six at most, stand behind the number, and a mark behind it?
    fn noun_ends(&self, number: &Number<'_>, least: usize) -> bool {
        (least..=6).contains(&number.behind.len()) && self.ends_there(number.end + number.behind.len())
    }

    fn of_follows(&self, number: &Number<'_>) -> bool {
        number.behind.first().is_some_and(|at| matches!(self.chars[*at], '的' | '之'))
    }
}
