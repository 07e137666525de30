//! Exact decimal numbers of any length.
//!
//! In:  digits as a report writes them, powers of ten, unit factors.
//! Out: a [`Decimal`], never rounded, that prints as plain digits: `-50.3`, `20000`.
//!
//! A number is its significant digits and a power of ten, so 「2077.6」 times 万 only moves the power. Digits that were
//! written stay (`18.0` keeps its nought), since they tell how exactly the report speaks; equality and order ignore them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// An exact decimal: `±digits × 10^exponent`.
///
/// ```
/// use reportsql::decimal::Decimal;
/// let cases: Decimal = "2077.6".parse().unwrap();
/// assert_eq!(cases.scaled(4).to_string(), "20776000"); // 2077.6万
/// assert_eq!("18.0".parse::<Decimal>().unwrap(), "18".parse().unwrap());
/// ```
#[derive(Debug, Clone)]
pub struct Decimal {
    negative: bool,
    /// Most significant first, no leading nought; empty for zero.
    digits: Vec<u8>,
    exponent: i32,
}

/// Why a text is no decimal: it was empty, or held something beside digits and one point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotADecimal(pub String);

impl fmt::Display for NotADecimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "「{}」 is no plain decimal; expected digits with at most one point, such as -20.5", self.0)
    }
}

impl std::error::Error for NotADecimal {}

impl Decimal {
    /// Nought.
    pub fn zero() -> Decimal {
        Decimal { negative: false, digits: Vec::new(), exponent: 0 }
    }

    /// The number whose decimal digits (0 to 9, most significant first) are given, times `10^exponent`.
    pub fn from_digits(digits: &[u8], exponent: i32) -> Decimal {
        let leading = digits.iter().take_while(|&&digit| digit == 0).count();
        Decimal { negative: false, digits: digits[leading..].to_vec(), exponent }
    }

    /// Times `10^power`: what 万 (4) and 亿 (8) do.
    pub fn scaled(mut self, power: i32) -> Decimal {
        self.exponent += power;
        self
    }

    /// With the other sign; nought has none.
    pub fn negated(mut self) -> Decimal {
        self.negative = !self.negative && !self.is_zero();
        self
    }

    /// Without its sign.
    pub fn abs(mut self) -> Decimal {
        self.negative = false;
        self
    }

    /// Is it nought, however many noughts were written?
    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Is it below nought?
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The place of the last digit written: 141万 has -4, 25.2 has 1.
    pub fn decimals(&self) -> i32 {
        -self.exponent
    }

    /// The whole number it is; `None` where it has decimals or a sign, or takes more than 32 bits.
    pub fn to_u32(&self) -> Option<u32> {
        if self.negative || self.exponent < 0 {
            return None;
        }
        let noughts = if self.is_zero() { 0 } else { self.exponent as usize };
        let mut digits = self.digits.iter().copied().chain(std::iter::repeat_n(0, noughts));
        digits.try_fold(0_u32, |whole, digit| whole.checked_mul(10)?.checked_add(u32::from(digit)))
    }

    /// How many characters [`Display`](fmt::Display) needs; a database column is finite.
    pub fn width(&self) -> usize {
        self.to_string().len()
    }

    /// The nearest double, for charts and sorting; `None` where none can hold it.
    pub fn to_f64(&self) -> Option<f64> {
        self.to_string().parse::<f64>().ok().filter(|double| double.is_finite())
    }

    /// The sum, exactly.
    pub fn plus(&self, other: &Decimal) -> Decimal {
        // Nought adds no more than the place of its last digit.
        if other.is_zero() && other.exponent >= self.exponent {
            return self.clone();
        }
        if self.is_zero() && self.exponent >= other.exponent {
            return other.clone();
        }
        let exponent = self.exponent.min(other.exponent);
        let (left, right) = (self.aligned(exponent), other.aligned(exponent));
        let (negative, digits) = if self.negative == other.negative {
            (self.negative, added(&left, &right))
        } else if compared(&left, &right) == Ordering::Less {
            (other.negative, subtracted(&right, &left))
        } else {
            (self.negative, subtracted(&left, &right))
        };
        let mut sum = Decimal::from_digits(&digits, exponent);
        sum.negative = negative && !sum.is_zero();
        sum
    }

    /// The difference, exactly.
    pub fn minus(&self, other: &Decimal) -> Decimal {
        self.plus(&other.clone().negated())
    }

    /// The product, exactly: an amount times the factor of its unit.
    pub fn times(&self, other: &Decimal) -> Decimal {
        let mut digits = vec![0u32; self.digits.len() + other.digits.len()];
        for (at, &left) in self.digits.iter().enumerate() {
            for (offset, &right) in other.digits.iter().enumerate() {
                digits[at + offset + 1] += u32::from(left) * u32::from(right);
            }
        }
        for at in (1..digits.len()).rev() {
            digits[at - 1] += digits[at] / 10;
            digits[at] %= 10;
        }
        let digits: Vec<u8> = digits.into_iter().map(|digit| digit as u8).collect();
        let mut product = Decimal::from_digits(&digits, self.exponent + other.exponent);
        product.negative = self.negative != other.negative && !product.is_zero();
        product
    }

    /// The quotient with `places` digits after the point, the last one rounded half up; `None` for a division by nought.
    /// Only 「三分之一」 and checks need it: a quotient is the one thing here that need not be exact.
    pub fn divided(&self, other: &Decimal, places: u32) -> Option<Decimal> {
        if other.is_zero() {
            return None;
        }
        // One digit more than asked for, then rounded away.
        let target = -(places as i32) - 1;
        let shift = self.exponent - other.exponent - target;
        let mut numerator = self.digits.clone();
        if shift >= 0 {
            numerator.resize(numerator.len() + shift as usize, 0);
        } else {
            numerator.truncate(numerator.len().saturating_sub(shift.unsigned_abs() as usize));
        }
        let mut quotient = Vec::with_capacity(numerator.len());
        let mut rest: Vec<u8> = Vec::new();
        for digit in numerator {
            if !(rest.is_empty() && digit == 0) {
                rest.push(digit);
            }
            let mut count = 0;
            while compared(&rest, &other.digits) != Ordering::Less {
                rest = stripped(subtracted(&rest, &other.digits));
                count += 1;
            }
            quotient.push(count);
        }
        let last = quotient.pop().unwrap_or(0);
        let mut result = Decimal::from_digits(&quotient, target + 1);
        if last >= 5 {
            result = result.plus(&Decimal::from_digits(&[1], target + 1));
        }
        result.negative = self.negative != other.negative && !result.is_zero();
        Some(result)
    }

    /// The digits as they stand at a smaller power of ten.
    fn aligned(&self, exponent: i32) -> Vec<u8> {
        let mut digits = self.digits.clone();
        if !digits.is_empty() {
            digits.resize(digits.len() + (self.exponent - exponent) as usize, 0);
        }
        digits
    }
}

fn stripped(digits: Vec<u8>) -> Vec<u8> {
    let leading = digits.iter().take_while(|&&digit| digit == 0).count();
    digits[leading..].to_vec()
}

fn compared(left: &[u8], right: &[u8]) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

fn added(left: &[u8], right: &[u8]) -> Vec<u8> {
    let length = left.len().max(right.len()) + 1;
    let mut sum = vec![0; length];
    let mut carry = 0;
    for back in 0..length {
        let of = |digits: &[u8]| if back < digits.len() { digits[digits.len() - 1 - back] } else { 0 };
        let total = of(left) + of(right) + carry;
        sum[length - 1 - back] = total % 10;
        carry = total / 10;
    }
    sum
}

/// `left` is not below `right`.
fn subtracted(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut difference = left.to_vec();
    let mut borrow = 0i8;
    for back in 0..left.len() {
        let lower = if back < right.len() { right[right.len() - 1 - back] as i8 } else { 0 };
        let at = left.len() - 1 - back;
        let digit = left[at] as i8 - lower - borrow;
        borrow = i8::from(digit < 0);
        difference[at] = (digit + 10 * borrow) as u8;
    }
    difference
}

impl FromStr for Decimal {
    type Err = NotADecimal;

    /// Reads `-?digits[.digits]`; no exponent, no thousands separators.
    fn from_str(text: &str) -> Result<Decimal, NotADecimal> {
        let (negative, plain) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
        let sound = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !sound(whole) || !sound(fraction) {
            return Err(NotADecimal(text.to_string()));
        }
        let places = if plain.contains('.') { fraction.len() } else { 0 };
        let digits: Vec<u8> = whole.bytes().chain(fraction.bytes().take(places)).map(|byte| byte - b'0').collect();
        let number = Decimal::from_digits(&digits, -(places as i32));
        Ok(if negative { number.negated() } else { number })
    }
}

impl From<u64> for Decimal {
    fn from(number: u64) -> Decimal {
        let mut digits: Vec<u8> = std::iter::successors(Some(number), |rest| Some(rest / 10))
            .take_while(|rest| *rest > 0)
            .map(|rest| (rest % 10) as u8)
            .collect();
        digits.reverse();
        Decimal { negative: false, digits, exponent: 0 }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(self.digits.len() + self.exponent.unsigned_abs() as usize + 3);
        text.extend(self.digits.iter().map(|digit| char::from(b'0' + digit)));
        if self.exponent >= 0 {
            if !text.is_empty() {
                text.extend(std::iter::repeat_n('0', self.exponent as usize));
            }
        } else {
            let places = self.exponent.unsigned_abs() as usize;
            if text.len() <= places {
                text.insert_str(0, &"0".repeat(places + 1 - text.len()));
            }
            text.insert(text.len() - places, '.');
        }
        if text.is_empty() {
            text.push('0');
        }
        out.write_str(if self.negative { "-" } else { "" })?;
        out.write_str(&text)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (negative, _) => {
                let exponent = self.exponent.min(other.exponent);
                let order = compared(&self.aligned(exponent), &other.aligned(exponent));
                if negative { order.reverse() } else { order }
            }
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn written_noughts_stay_and_do_not_count() {
        assert_eq!(decimal("18.0").to_string(), "18.0");
        assert_eq!(decimal("18.0"), decimal("18"));
        assert_eq!(decimal("0.00").to_string(), "0.00");
        assert_eq!(decimal("007").to_string(), "7");
        assert_eq!(decimal("0.05").scaled(4).to_string(), "500");
    }

    #[test]
    fn long_numbers_stay_exact() {
        let text = "1234567890123456789012345678901234567890.0123456789";
        assert_eq!(decimal(text).to_string(), text);
        assert_eq!(decimal("1").scaled(36).to_string(), format!("1{}", "0".repeat(36)));
    }

    #[test]
    fn arithmetic_is_exact() {
        assert_eq!(decimal("42").scaled(8).plus(&decimal("3600").scaled(4)).to_string(), "4236000000");
        assert_eq!(decimal("0.1").plus(&decimal("0.2")).to_string(), "0.3");
        assert_eq!(decimal("1").minus(&decimal("2.5")).to_string(), "-1.5");
        assert_eq!(decimal("-12.5").times(&decimal("0.4")), decimal("-5"));
        assert_eq!(decimal("100").divided(&decimal("3"), 2).unwrap().to_string(), "33.33");
        assert_eq!(decimal("200").divided(&decimal("3"), 2).unwrap().to_string(), "66.67");
        assert_eq!(decimal("1").divided(&decimal("0"), 2), None);
        assert_eq!(decimal("439").divided(&decimal("3942"), 6).unwrap().to_string(), "0.111365");
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for text in ["", "-", ".", "1.", ".5", "1e5", "1,000", "+3", "１"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }
}
